"""Documents that people take away: the certificate of an erasure, signed and printed."""
