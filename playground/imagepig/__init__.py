"""The Image Pig API, as this application knows it. Imports no Django."""
