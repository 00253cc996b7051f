# Words of the concern pages.
