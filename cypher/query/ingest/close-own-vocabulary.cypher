// Close the package's own skills and capability units: another vocabulary takes their place.
// mode: write
// parameter at: datetime
// scan: the whole vocabulary is closed
MATCH (node:Skill|Capability)
WHERE node.source = 'fc' AND node.closedAt IS NULL
SET node.closedAt = $at, node.updatedAt = $at
