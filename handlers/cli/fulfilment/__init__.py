"""Commands about a request that is carried out; they stand under `privacydesk requests`."""
