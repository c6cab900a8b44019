"""Every Protocol through which the core reaches the world; storage and handlers adapt to them."""
