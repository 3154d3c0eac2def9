"""The same API, answered locally. Imports `playground.imagepig` only, never the database."""
