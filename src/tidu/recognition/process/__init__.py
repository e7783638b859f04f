"""How a case goes its way: the rules of its call, the table of what may follow what, the one place that moves it."""
