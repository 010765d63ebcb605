CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE datasets (
	digest VARCHAR(64) NOT NULL,
	symbol TEXT NOT NULL,
	timeframe TEXT NOT NULL,
	candles INTEGER NOT NULL,
	source TEXT NOT NULL,
	synthetic BOOLEAN NOT NULL,
	CONSTRAINT pk_datasets PRIMARY KEY (digest)
);

CREATE TABLE genomes (
	fingerprint VARCHAR(16) NOT NULL,
	strategy TEXT NOT NULL,
	genes TEXT NOT NULL,
	CONSTRAINT pk_genomes PRIMARY KEY (fingerprint)
);

CREATE INDEX ix_genomes_strategy ON genomes (strategy);

CREATE TABLE generations (
	run_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	seconds DOUBLE NOT NULL,
	cache_hits INTEGER NOT NULL, epoch INTEGER DEFAULT '0' NOT NULL, recorded_at VARCHAR(32),
	CONSTRAINT pk_generations PRIMARY KEY (run_id, number),
	CONSTRAINT fk_generations_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE TABLE "runs" (
	id INTEGER NOT NULL,
	name VARCHAR(80) NOT NULL,
	spec TEXT NOT NULL,
	state VARCHAR(16) NOT NULL,
	data_digest VARCHAR(64) NOT NULL,
	market_digest VARCHAR(64) NOT NULL,
	problem_digest VARCHAR(16) NOT NULL,
	digest VARCHAR(64),
	started_at VARCHAR(32) NOT NULL,
	finished_at VARCHAR(32),
	owner VARCHAR(80),
	epoch INTEGER DEFAULT '0' NOT NULL,
	lease_until DOUBLE, pruned_at VARCHAR(32), kept_births INTEGER, evaluated INTEGER, best_fitness DOUBLE, note TEXT DEFAULT '' NOT NULL, champion VARCHAR(16), champion_born INTEGER, champion_score DOUBLE,
	CONSTRAINT pk_runs PRIMARY KEY (id),
	CONSTRAINT uq_runs_name UNIQUE (name),
	CONSTRAINT fk_runs_data_digest FOREIGN KEY(data_digest) REFERENCES datasets (digest),
	CONSTRAINT ck_runs_state CHECK (state IN ('queued', 'running', 'stopping', 'interrupted', 'finished', 'failed'))
);

CREATE INDEX ix_runs_problem_digest ON runs (problem_digest);

CREATE INDEX ix_runs_data_digest ON runs (data_digest);

CREATE TABLE generation_nodes (
	run_id INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	node VARCHAR(80) NOT NULL,
	worker_kind VARCHAR(16) NOT NULL,
	evaluations INTEGER NOT NULL,
	seconds DOUBLE NOT NULL,
	CONSTRAINT pk_generation_nodes PRIMARY KEY (run_id, generation, node, worker_kind),
	CONSTRAINT fk_generation_nodes_run_id_generation FOREIGN KEY(run_id, generation) REFERENCES generations (run_id, number) ON DELETE CASCADE
);

CREATE TABLE "evaluations" (
	problem_digest VARCHAR(16) NOT NULL,
	rules VARCHAR(16) NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	fitness DOUBLE,
	walk_forward_score DOUBLE,
	scored TEXT,
	error TEXT,
	CONSTRAINT pk_evaluations PRIMARY KEY (problem_digest, fingerprint, rules),
	CONSTRAINT ck_evaluations_scored_has_fitness CHECK ((scored IS NULL) = (fitness IS NULL)),
	CONSTRAINT fk_evaluations_fingerprint FOREIGN KEY(fingerprint) REFERENCES genomes (fingerprint),
	CONSTRAINT ck_evaluations_finite_fitness CHECK (fitness IS NULL OR fitness BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308),
	CONSTRAINT ck_evaluations_scored_or_failed CHECK ((scored IS NULL) <> (error IS NULL))
);

CREATE TABLE "ledger" (
	market_digest VARCHAR(64) NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	first_run VARCHAR(80) NOT NULL,
	first_at VARCHAR(32) NOT NULL, entry INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_ledger PRIMARY KEY (market_digest, fingerprint)
);

CREATE TABLE "lineage" (
	run_id INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	asked INTEGER NOT NULL,
	operator VARCHAR(32) NOT NULL,
	parents TEXT NOT NULL,
	changed TEXT NOT NULL,
	rules VARCHAR(16) NOT NULL,
	CONSTRAINT pk_lineage PRIMARY KEY (run_id, generation, fingerprint),
	CONSTRAINT fk_lineage_run_id_generation FOREIGN KEY(run_id, generation) REFERENCES generations (run_id, number) ON DELETE CASCADE
);

CREATE TABLE "individuals" (
	run_id INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	slot INTEGER NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	born INTEGER NOT NULL,
	elite BOOLEAN NOT NULL,
	fitness DOUBLE,
	CONSTRAINT pk_individuals PRIMARY KEY (run_id, generation, slot),
	CONSTRAINT fk_individuals_run_id_born_fingerprint FOREIGN KEY(run_id, born, fingerprint) REFERENCES lineage (run_id, generation, fingerprint) ON DELETE CASCADE
);

CREATE INDEX ix_individuals_birth ON individuals (run_id, born, fingerprint);

CREATE VIEW node_share AS
        SELECT runs.name AS run,
               generation_nodes.generation AS generation,
               generations.recorded_at AS recorded_at,
               generation_nodes.node AS node,
               generation_nodes.worker_kind AS worker_kind,
               generation_nodes.evaluations AS evaluations,
               generation_nodes.seconds AS seconds,
               1.0 * generation_nodes.evaluations / NULLIF(SUM(generation_nodes.evaluations) OVER (
                   PARTITION BY runs.name, generation_nodes.generation
               ), 0) AS share
        FROM generation_nodes
        JOIN runs ON runs.id = generation_nodes.run_id
        JOIN generations ON generations.run_id = generation_nodes.run_id
             AND generations.number = generation_nodes.generation;

CREATE VIEW leaderboard AS
    SELECT run, rank, fingerprint, strategy, genes, fitness, walk_forward_score, born
    FROM (
    SELECT runs.name AS run,
           ROW_NUMBER() OVER (
               PARTITION BY runs.name
               ORDER BY CASE WHEN evaluations.fitness < evaluations.walk_forward_score
                             THEN evaluations.fitness ELSE evaluations.walk_forward_score END DESC,
                        lineage.fingerprint
           ) AS rank,
           lineage.fingerprint AS fingerprint,
           genomes.strategy AS strategy,
           genomes.genes AS genes,
           evaluations.fitness AS fitness,
           evaluations.walk_forward_score AS walk_forward_score,
           lineage.generation AS born, runs.pruned_at AS pruned_at
    FROM lineage
    JOIN runs ON runs.id = lineage.run_id
    JOIN genomes ON genomes.fingerprint = lineage.fingerprint
    JOIN evaluations ON evaluations.problem_digest = runs.problem_digest
         AND evaluations.fingerprint = lineage.fingerprint
         AND evaluations.rules = lineage.rules
    WHERE evaluations.walk_forward_score IS NOT NULL
          AND NOT EXISTS (
              SELECT 1 FROM lineage AS earlier
              WHERE earlier.run_id = lineage.run_id
                    AND earlier.fingerprint = lineage.fingerprint
                    AND earlier.generation < lineage.generation
          )
) AS placed
    WHERE pruned_at IS NULL OR rank <= 20;

CREATE VIEW run_progress AS
    SELECT runs.name AS run,
           runs.state AS state,
           generations.number AS generation,
           generations.recorded_at AS recorded_at,
           generations.seconds AS seconds,
           generations.cache_hits AS cache_hits,
           (
               SELECT MAX(fitness) FROM individuals
               WHERE individuals.run_id = generations.run_id
                     AND individuals.generation = generations.number AND runs.pruned_at IS NULL
           ) AS best,
           (
               SELECT AVG(CASE WHEN 2 * place BETWEEN size AND size + 2 THEN fitness END)
               FROM (
                   SELECT fitness,
                          ROW_NUMBER() OVER (ORDER BY fitness) AS place,
                          COUNT(*) OVER () AS size
                   FROM individuals
                   WHERE individuals.run_id = generations.run_id
                         AND individuals.generation = generations.number
                         AND fitness IS NOT NULL AND runs.pruned_at IS NULL
               ) AS placed
           ) AS median,
           (
               SELECT MIN(fitness) FROM individuals
               WHERE individuals.run_id = generations.run_id
                     AND individuals.generation = generations.number AND runs.pruned_at IS NULL
           ) AS worst,
           CASE WHEN runs.pruned_at IS NULL THEN (
               SELECT COUNT(*) FROM lineage
               WHERE lineage.run_id = generations.run_id AND lineage.generation = generations.number
           ) END AS evaluations
    FROM generations
    JOIN runs ON runs.id = generations.run_id;

CREATE TABLE markets (
	digest VARCHAR(64) NOT NULL,
	symbol TEXT NOT NULL,
	timeframe TEXT NOT NULL,
	marks TEXT NOT NULL,
	CONSTRAINT pk_markets PRIMARY KEY (digest)
);

CREATE TABLE common_candles (
	digest VARCHAR(64) NOT NULL,
	other VARCHAR(64) NOT NULL,
	CONSTRAINT pk_common_candles PRIMARY KEY (digest, other)
);

CREATE TABLE jobs (
	id INTEGER NOT NULL,
	kind VARCHAR(32) NOT NULL,
	request TEXT NOT NULL,
	priority INTEGER NOT NULL,
	time_limit DOUBLE NOT NULL,
	attempts_at_most INTEGER,
	idempotency_key VARCHAR(128),
	run VARCHAR(80),
	parent INTEGER,
	"after" TEXT NOT NULL,
	together INTEGER,
	state VARCHAR(16) NOT NULL,
	owner VARCHAR(80),
	epoch INTEGER NOT NULL,
	lease_until DOUBLE,
	attempts INTEGER NOT NULL,
	seconds DOUBLE NOT NULL,
	progress TEXT NOT NULL,
	result TEXT,
	error TEXT NOT NULL,
	submitted_at VARCHAR(32) NOT NULL,
	started_at VARCHAR(32),
	ended_at VARCHAR(32),
	CONSTRAINT pk_jobs PRIMARY KEY (id),
	CONSTRAINT ck_jobs_state CHECK (state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled', 'expired')),
	CONSTRAINT fk_jobs_parent FOREIGN KEY(parent) REFERENCES jobs (id),
	CONSTRAINT uq_jobs_idempotency_key UNIQUE (idempotency_key)
);

CREATE INDEX ix_jobs_run ON jobs (run);

CREATE INDEX ix_jobs_parent ON jobs (parent);

CREATE INDEX ix_jobs_state ON jobs (state, priority, id);

CREATE TABLE schedules (
	id INTEGER NOT NULL,
	asked TEXT NOT NULL,
	every_seconds DOUBLE NOT NULL,
	next_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_schedules PRIMARY KEY (id)
);

CREATE TABLE api_keys (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	scope VARCHAR(16) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	session_secret VARCHAR(64) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	revoked_at VARCHAR(32),
	CONSTRAINT pk_api_keys PRIMARY KEY (id),
	CONSTRAINT ck_api_keys_scope CHECK (scope IN ('read', 'run', 'admin')),
	CONSTRAINT uq_api_keys_hash UNIQUE (hash)
);

CREATE INDEX ix_runs_state ON runs (state);

CREATE TABLE node_budgets (
	node VARCHAR(80) NOT NULL,
	share DOUBLE NOT NULL,
	changed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_node_budgets PRIMARY KEY (node),
	CONSTRAINT ck_node_budgets_share CHECK (share > 0 AND share <= 1)
);

CREATE TABLE node_uses (
	node VARCHAR(80) NOT NULL,
	worker_kind VARCHAR(16) NOT NULL,
	seats INTEGER NOT NULL,
	cores DOUBLE NOT NULL,
	share DOUBLE NOT NULL,
	used DOUBLE NOT NULL,
	seen_at DOUBLE NOT NULL,
	CONSTRAINT pk_node_uses PRIMARY KEY (node)
);

CREATE TABLE ledger_entries (
	market_digest VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	what VARCHAR(16) NOT NULL,
	trials INTEGER NOT NULL,
	digest VARCHAR(64) NOT NULL,
	note TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_ledger_entries PRIMARY KEY (market_digest, number)
);

CREATE TABLE ledger_heads (
	market_digest VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_ledger_heads PRIMARY KEY (market_digest)
);

CREATE VIEW trial_growth AS
    SELECT market_digest,
           run,
           first_at AS at,
           SUM(fresh) OVER (PARTITION BY market_digest ORDER BY first_at, run) AS trials
    FROM (
        SELECT market_digest, run, first_at, SUM(fresh) AS fresh
        FROM (
            SELECT market_digest, first_run AS run, first_at, 1 AS fresh
            FROM (
                SELECT counted.digest AS market_digest, ledger.first_run, ledger.first_at,
                       ROW_NUMBER() OVER (
                           PARTITION BY counted.digest, ledger.fingerprint
                           ORDER BY ledger.first_at, ledger.first_run
                       ) AS place
                FROM (
                    SELECT market_digest AS digest, market_digest AS other FROM ledger_heads
                    UNION
                    SELECT digest, other FROM common_candles
                ) AS counted
                JOIN ledger ON ledger.market_digest = counted.other
            ) AS tries
            WHERE place = 1
            UNION ALL
            SELECT counted.digest, 'declared', ledger_entries.at, ledger_entries.trials
            FROM (
                SELECT market_digest AS digest, market_digest AS other FROM ledger_heads
                UNION
                SELECT digest, other FROM common_candles
            ) AS counted
            JOIN ledger_entries ON ledger_entries.market_digest = counted.other
                                AND ledger_entries.what = 'declared'
        ) AS counts
        GROUP BY market_digest, run, first_at
    ) AS steps;

CREATE TABLE null_searches (
	run_id INTEGER NOT NULL,
	run_digest VARCHAR(64) NOT NULL,
	generator VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	figures TEXT NOT NULL,
	trials INTEGER NOT NULL,
	CONSTRAINT pk_null_searches PRIMARY KEY (run_id, run_digest, generator, number),
	CONSTRAINT ck_null_searches_number CHECK (number >= 0 AND (number = 0) = (generator = '')),
	CONSTRAINT fk_null_searches_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE TABLE sealed_looks (
	question VARCHAR(64) NOT NULL,
	market_digest VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	what VARCHAR(16) NOT NULL,
	run VARCHAR(80) NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	at VARCHAR(32) NOT NULL,
	sitting TEXT,
	CONSTRAINT pk_sealed_looks PRIMARY KEY (question),
	CONSTRAINT ck_sealed_looks_what CHECK (what IN ('exam', 'backtest', 'unsealed')),
	CONSTRAINT ck_sealed_looks_sitting_of_exam CHECK (sitting IS NULL OR what = 'exam')
);

CREATE INDEX ix_sealed_looks_market_digest ON sealed_looks (market_digest);

CREATE TABLE weighings (
	run_id INTEGER NOT NULL,
	run_digest VARCHAR(64) NOT NULL,
	rules VARCHAR(80) NOT NULL,
	fingerprint VARCHAR(16) NOT NULL,
	evaluated INTEGER NOT NULL,
	found TEXT NOT NULL,
	CONSTRAINT pk_weighings PRIMARY KEY (run_id),
	CONSTRAINT fk_weighings_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
)
