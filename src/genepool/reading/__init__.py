"""How a file of candles is read: the words that a user gives and a run records, declared once as flags."""
