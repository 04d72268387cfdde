"""The tools that run the project: `make help` lists them."""
