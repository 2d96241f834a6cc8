"""Does this statement deny that claim, in another article? Pairs to judge, their tasks and answers, and what follows for the registry."""
