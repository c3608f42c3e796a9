-- Models are asked what questions mean as well.
ALTER TABLE model_calls
    DROP CONSTRAINT model_calls_purpose_check,
    ADD CONSTRAINT model_calls_purpose_check CHECK (purpose IN ('layout', 'question'));
