-- Rows lie in the order of their time, so a block-range index of a few kilobytes finds the old ones.
CREATE INDEX sent_ids_accepted_at ON sent_ids USING brin (accepted_at);
