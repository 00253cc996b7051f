-- Who was shown the words of a stream, in which post, up to which entry and when: one row for each such record, so that
-- "who knew what, when" can be answered. It is read for one stream at a time; what one person was shown lies in their
-- own stream of work.
CREATE TABLE shown (
  id           BYTES  NOT NULL PRIMARY KEY,
  stream       BYTES  NOT NULL,
  practitioner BYTES  NOT NULL,
  post         text   NOT NULL,
  up_to        bigint NOT NULL,
  at           bigint NOT NULL
);
CREATE INDEX shown_stream ON shown (stream, at);
