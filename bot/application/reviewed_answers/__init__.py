"""What the desk learns from people: questions that were not answered, and approvers' links."""
