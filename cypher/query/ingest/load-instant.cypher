// The instant that a load takes for now.
// mode: read
// parameter code: string
// column asOf: datetime
MATCH (load:Load {code: $code})
RETURN load.asOf AS asOf
