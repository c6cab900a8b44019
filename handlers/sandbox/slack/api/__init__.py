"""The Web API of the stand-in: its methods, their arguments, their pages."""
