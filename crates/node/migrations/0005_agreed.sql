-- Where an erasure was agreed: the hourly round that ends a field's key looks at these streams and at no other. A few
-- rows among millions, so the index holds them alone.
CREATE INDEX record_erasure_agreed ON record (stream) WHERE kind = 'erasure-agreed';
