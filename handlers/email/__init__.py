"""Mail: one-time codes and notices, by aiosmtplib."""
