"""Block Kit as strict as Slack checks it."""
