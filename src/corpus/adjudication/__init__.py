"""From several readings of one article to gold: where they differ, and what a third reading decides, rule by rule. Knows no file."""
