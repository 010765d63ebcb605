"""Charts as inline SVG: small pure functions from numbers to text, coloured by the page's style sheet."""
