"""The only entrance to the decisions: takes facts and ``now``, returns a list of actions."""
