// The tables of the ledger, and its two functions: a step over several sums is one call of one function, so that no lock waits for the network.

/**
 * Rows of `errand.spend` are always locked in the order of their keys, so that no two workers wait for each other. Texts of others lie in JSON, which
 * escapes what Postgres does not take in a text.
 */
export const ledgerTables = `
  CREATE TABLE errand.calls (
    id text COLLATE "C" PRIMARY KEY,
    revision integer NOT NULL,
    at bigint NOT NULL,
    run_id text NOT NULL,
    installation_id bigint NOT NULL,
    repository text NOT NULL,
    number bigint NOT NULL,
    about text NOT NULL,
    status text NOT NULL,
    accepted boolean,
    scopes text[] NOT NULL,
    call text NOT NULL,
    contents text
  );
  CREATE INDEX calls_order ON errand.calls (at, id);
  CREATE INDEX calls_run ON errand.calls (run_id, at, id);
  CREATE INDEX calls_repository ON errand.calls (repository, at, id);
  CREATE INDEX calls_installation ON errand.calls (installation_id);
  CREATE INDEX calls_accepted ON errand.calls (repository) WHERE accepted;
  CREATE INDEX calls_reserved ON errand.calls (at) WHERE status = 'reserved';
  CREATE INDEX calls_contents ON errand.calls (at) WHERE contents IS NOT NULL;
  CREATE TABLE errand.spend (key text COLLATE "C" PRIMARY KEY, micros bigint NOT NULL, expires_at bigint NOT NULL);
  CREATE TABLE errand.capabilities (model text PRIMARY KEY, capabilities text NOT NULL, expires_at bigint NOT NULL);

  -- Adds to every sum, or to none: misfit is then the first sum that it does not fit into, counted from 1, and spent what is there.
  -- A call that is known already is held back already: misfit is null then, too.
  CREATE FUNCTION errand.hold_back(
    call_id text, keys text[], limits bigint[], kept_until bigint[], amount bigint, OUT misfit integer, OUT spent bigint
  ) LANGUAGE plpgsql AS $$
  DECLARE
    one record;
    total bigint;
  BEGIN
    FOR one IN
      SELECT * FROM unnest(keys, limits, kept_until) WITH ORDINALITY AS s (key, ceiling, until, place)
      ORDER BY s.key COLLATE "C", s.place
    LOOP
      INSERT INTO errand.spend AS known VALUES (one.key, amount, one.until)
      ON CONFLICT (key) DO UPDATE
        SET micros = known.micros + excluded.micros, expires_at = greatest(known.expires_at, excluded.expires_at)
      RETURNING micros INTO total;
      IF total > one.ceiling AND (misfit IS NULL OR one.place < misfit) THEN
        misfit := one.place;
        spent := total - amount;
      END IF;
    END LOOP;
    -- Asked only now: whoever reserves the same call at the same time has been waited for.
    IF EXISTS (SELECT 1 FROM errand.calls WHERE id = call_id) THEN
      misfit := NULL;
      RAISE EXCEPTION USING ERRCODE = 'ER001';
    ELSIF misfit IS NOT NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'ER001';
    END IF;
  EXCEPTION WHEN SQLSTATE 'ER001' THEN
    -- What was added is taken back with this block.
    NULL;
  END $$;

  -- A sum that has been forgotten since is not begun anew.
  CREATE FUNCTION errand.correct_spend(keys text[], amount bigint) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    one text;
  BEGIN
    IF amount <> 0 THEN
      FOR one IN SELECT s.key FROM unnest(keys) AS s (key) ORDER BY s.key COLLATE "C" LOOP
        UPDATE errand.spend SET micros = micros + amount WHERE key = one;
      END LOOP;
    END IF;
  END $$;
  `;
