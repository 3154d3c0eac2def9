"""Who spends what, how long it takes, and how often it fails: what a team's usage page shows."""
