"""Other corpora's own formats, read into documents and layers, one module a format. Takes bytes; knows no folder."""
