// Regions, each with all that it lies in.
// mode: read
// column regions: list of list of any, code, and codes and names of itself and of all that it lies in
// scan: regions are few
MATCH (region:Region)
RETURN collect([
  region.code,
  COLLECT {
    MATCH (region)-[:PART_OF*0..3]->(wider:Region)
    UNWIND [wider.code, wider.name] AS word
    WITH DISTINCT word WHERE word IS NOT NULL
    RETURN word
  }
]) AS regions
