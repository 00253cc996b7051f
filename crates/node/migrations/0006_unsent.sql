-- What somebody typed and has not sent, sealed. Not record: it ends by itself. `owner` is a keyed tag, so that the table
-- does not say whose it is; `id` is a keyed tag of what finds it again.
CREATE TABLE unsent (
  id      BYTES  NOT NULL PRIMARY KEY,
  owner   BYTES  NOT NULL,
  at      bigint NOT NULL,
  ends_at bigint NOT NULL,
  sealed  BYTES  NOT NULL
);
CREATE INDEX unsent_owner ON unsent (owner);
CREATE INDEX unsent_end ON unsent (ends_at);
