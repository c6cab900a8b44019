"""`python -m handlers` is `privacydesk`."""

from handlers.cli.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
