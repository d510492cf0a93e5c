"""What the graph means: labels, relationship types, properties, equations and vocabulary.

No input or output and no third-party import happens here, so that every other package may import it.
"""
