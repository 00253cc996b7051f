# Words of the report pages.
