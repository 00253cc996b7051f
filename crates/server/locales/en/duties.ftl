# Words of the duties pages.
