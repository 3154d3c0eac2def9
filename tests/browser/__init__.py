"""The application as people use it: in Chromium, and without JavaScript too."""
