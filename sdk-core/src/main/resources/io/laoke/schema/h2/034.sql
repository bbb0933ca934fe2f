-- What is sent to many. Contents, each under a key, and all of their versions; in one that stands for a removal
-- body is NULL. hash is the SHA-256 of body, which is the canonical JSON form.
CREATE TABLE IF NOT EXISTS {content} (
  dealer_id INT NOT NULL,
  content_key VARCHAR(128) NOT NULL,
  version INT NOT NULL,
  name VARCHAR(200) NOT NULL,
  body TEXT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  saved_by VARCHAR(128) NOT NULL,
  saved_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, content_key)
);
CREATE TABLE IF NOT EXISTS {content_version} (
  dealer_id INT NOT NULL,
  content_key VARCHAR(128) NOT NULL,
  version INT NOT NULL,
  name VARCHAR(200) NOT NULL,
  body TEXT,
  hash VARCHAR(64) NOT NULL,
  saved_by VARCHAR(128) NOT NULL,
  saved_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, content_key, version)
);
-- Pictures, sounds and films, each once. Their bytes in parts of at most 512 KB, which fit into what a server
-- takes at once.
CREATE TABLE IF NOT EXISTS {content_file} (
  dealer_id INT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  name VARCHAR(120) NOT NULL,
  file_type VARCHAR(8) NOT NULL,
  size_bytes BIGINT NOT NULL,
  added_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, sha256)
);
CREATE TABLE IF NOT EXISTS {content_file_part} (
  dealer_id INT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  part INT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (dealer_id, sha256, part)
);
-- What an account holds of a file already. kind: BODY, IMAGE, VOICE or VIDEO. upload_key: the file's SHA-256, of
-- a video that of file, title and description. ref: its address or media id there.
CREATE TABLE IF NOT EXISTS {content_upload} (
  dealer_id INT NOT NULL,
  account VARCHAR(128) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  upload_key VARCHAR(64) NOT NULL,
  ref VARCHAR(2000) NOT NULL,
  uploaded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, kind, upload_key)
);
-- Drafts that Laoke made and that may be there, one for each batch. state: MAKING (the call may have left), MADE,
-- LOST (perhaps made, and nobody was told its id), DROPPED (not wanted any more, to be deleted).
CREATE TABLE IF NOT EXISTS {content_draft} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(128) NOT NULL,
  batch_key VARCHAR(128) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  state VARCHAR(8) NOT NULL,
  media_id VARCHAR(256),
  started_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}content_draft_batch ON {content_draft} (dealer_id, account, batch_key);
