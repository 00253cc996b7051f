-- The log: what was recorded, in order, for ever.

-- One row. Its lock is the only lock: whoever holds it may append. `edge` is the right edge of the Merkle tree
-- (ledger::append::Edge); `last_recorded` keeps recorded times from running backwards across the log.
CREATE TABLE head (
  only_row      bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
  size          bigint NOT NULL CHECK (size >= 0),
  edge          BYTES  NOT NULL,
  last_recorded bigint NOT NULL
);

-- A record: one leaf of the log. `spine` holds nothing personal; `leaf` is the signed part of an SD-JWT made of salted
-- digests; `leaf_hash` is SHA-256 over a zero byte and the leaf (RFC 6962). Ids are time-ordered so that every index
-- here grows at its right end. `kind` is repeated out of the spine for reading the log by kind.
CREATE TABLE record (
  idx       ROWKEY NOT NULL PRIMARY KEY CHECK (idx >= 0),
  id        BYTES  NOT NULL,
  stream    BYTES  NOT NULL,
  sequence  bigint NOT NULL CHECK (sequence >= 1),
  kind      text   NOT NULL,
  recorded  bigint NOT NULL,
  spine     BYTES  NOT NULL,
  leaf      BYTES  NOT NULL,
  leaf_hash BYTES  NOT NULL
);
CREATE UNIQUE INDEX record_id ON record (id);
CREATE UNIQUE INDEX record_place ON record (stream, sequence);

-- The encrypted content of a record, with its salts. The only place where personal values are. Replaced by erasure and
-- re-encryption; a record without a row had no content.
CREATE TABLE vault (
  idx    ROWKEY NOT NULL PRIMARY KEY,
  sealed BYTES  NOT NULL
);

-- A stream: how long it is and which leaf is its last, so that the next can name it; its tier; its key, wrapped by the
-- epoch key that is never in this database. `last_recorded` keeps a stream's times in order.
CREATE TABLE stream (
  id            BYTES  NOT NULL PRIMARY KEY,
  kind          text   NOT NULL,
  length        bigint NOT NULL CHECK (length >= 1),
  last_leaf     BYTES  NOT NULL,
  last_recorded bigint NOT NULL,
  tier          bigint NOT NULL CHECK (tier BETWEEN 0 AND 4),
  wrapped_key   BYTES  NOT NULL,
  epoch         bigint NOT NULL
);
-- For a new epoch, which re-wraps every stream key still under an old one.
CREATE INDEX stream_epoch ON stream (epoch, id);
CREATE INDEX stream_kind ON stream (kind, id);

-- Full tiles of hashes (C2SP tlog-tiles), 256 to a tile. The partial ones are in head.edge; entry bundles are made from
-- record rows. Can be rebuilt from the leaf hashes.
CREATE TABLE tile (
  level bigint NOT NULL,
  idx   bigint NOT NULL,
  bytes BYTES  NOT NULL,
  PRIMARY KEY (level, idx)
);

-- Signed tree heads (tlog-checkpoint), as the publisher signed them. Two notes for one size may differ in time only.
CREATE TABLE checkpoint (
  size bigint NOT NULL,
  at   bigint NOT NULL,
  note BYTES  NOT NULL,
  PRIMARY KEY (size, at)
);

-- What witnesses said of a size: one signature line each.
CREATE TABLE cosignature (
  size    bigint NOT NULL,
  witness text   NOT NULL,
  line    text   NOT NULL,
  at      bigint NOT NULL,
  PRIMARY KEY (size, witness)
);
