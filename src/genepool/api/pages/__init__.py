"""The pages that people open in a browser, one file each: they draw what use cases answer."""
