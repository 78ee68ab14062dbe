"""How like real shops a simulated platform is."""
