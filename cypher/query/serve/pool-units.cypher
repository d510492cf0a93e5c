// Capability units with their names, in order of code.
// mode: read
// column units: list of list of any, code, name, and a Chinese name or null
// scan: the service reads the whole label once a generation
MATCH (unit:Capability)
WITH unit ORDER BY unit.code
RETURN collect([unit.code, coalesce(unit.name, unit.code), head(unit.aliasesZh)]) AS units
