// The JSON Schema of activity.json, strict: a key that is not here is a mistake.

#include "app/result/activity_json.h"

namespace myriad {

std::string activity_schema() {
    return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "myriad-activity/1",
  "description": "activity.json: what links and ranks did over a run; docs/results.md",
  "type": "object",
  "required": ["schema", "elapsed_ps", "topology", "ranks"],
  "additionalProperties": false,
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "share": {"type": "number", "minimum": 0, "description": "time busy / time, of one direction of a link"},
    "shares": {"type": "array", "items": {"$ref": "#/$defs/share"}, "description": "by bucket"}
  },
  "properties": {
    "schema": {"const": "myriad-activity/1"},
    "elapsed_ps": {"$ref": "#/$defs/count", "description": "simulated time of the whole run"},
    "topology": {
      "type": "object",
      "description": "utilisation over the whole run",
      "required": ["cards", "servers", "tiers"],
      "additionalProperties": false,
      "properties": {
        "cards": {"$ref": "#/$defs/count"},
        "servers": {"$ref": "#/$defs/count"},
        "tiers": {
          "type": "array",
          "description": "a class of links each; idle links count",
          "items": {
            "type": "object",
            "required": ["name", "title", "links", "bandwidth_bytes_per_s", "mean", "most", "cells"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string"},
              "title": {"type": "string", "description": "for people"},
              "links": {"$ref": "#/$defs/count", "description": "directed"},
              "bandwidth_bytes_per_s": {"$ref": "#/$defs/count", "description": "of one direction of a link"},
              "mean": {"$ref": "#/$defs/share"},
              "most": {"$ref": "#/$defs/share", "description": "of the busiest link"},
              "cells": {
                "type": "array",
                "description": "links of one server, segment or switch, or of some neighbours",
                "maxItems": 1024,
                "items": {
                  "type": "object",
                  "required": ["name", "links", "mean", "most"],
                  "additionalProperties": false,
                  "properties": {
                    "name": {"type": "string"},
                    "links": {"$ref": "#/$defs/count", "description": "directed"},
                    "mean": {"$ref": "#/$defs/share"},
                    "most": {"$ref": "#/$defs/share"},
                    "busiest": {"type": "string", "description": "a -> b; absent where none carried anything"}
                  }
                }
              }
            }
          }
        },
        "nodes": {
          "type": "array",
          "description": "of clusters of at most 64 cards, like the links",
          "items": {
            "type": "object",
            "required": ["name", "kind", "tier"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string"},
              "kind": {"enum": ["card", "icn_switch", "pcie_switch", "nic", "switch"]},
              "server": {"$ref": "#/$defs/count", "description": "absent: in none"},
              "tier": {"$ref": "#/$defs/count", "description": "0 cards, 1 inside a server, 2 first switches"}
            }
          }
        },
        "links": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["a", "b", "class", "bandwidth_bytes_per_s", "ab", "ba"],
            "additionalProperties": false,
            "properties": {
              "a": {"$ref": "#/$defs/count", "description": "index of a node"},
              "b": {"$ref": "#/$defs/count", "description": "index of a node"},
              "class": {"type": "string"},
              "bandwidth_bytes_per_s": {"$ref": "#/$defs/count", "description": "of one direction"},
              "ab": {"$ref": "#/$defs/share"},
              "ba": {"$ref": "#/$defs/share"}
            }
          }
        }
      }
    },
    "links_over_time": {
      "type": "object",
      "required": ["bucket_ps", "classes", "busiest"],
      "additionalProperties": false,
      "properties": {
        "bucket_ps": {"$ref": "#/$defs/count", "description": "width of a bucket; the last one ends with the run"},
        "classes": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "links", "busy_ps", "mean", "most"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string"},
              "links": {"$ref": "#/$defs/count", "description": "directed"},
              "busy_ps": {"type": "array", "items": {"type": "integer"}, "description": "by bucket, all links together; adds up to links.csv"},
              "mean": {"$ref": "#/$defs/shares"},
              "most": {"$ref": "#/$defs/shares"}
            }
          }
        },
        "busiest": {
          "type": "array",
          "maxItems": 8,
          "items": {
            "type": "object",
            "required": ["from", "to", "class", "use"],
            "additionalProperties": false,
            "properties": {
              "from": {"type": "string"},
              "to": {"type": "string"},
              "class": {"type": "string"},
              "use": {"$ref": "#/$defs/shares"}
            }
          }
        }
      }
    },
    "no_links_over_time": {"type": "string", "description": "why links_over_time is absent"},
    "ranks": {
      "type": "object",
      "description": "a few ranks that stand for all",
      "required": ["labels", "resolution_ps", "rows"],
      "additionalProperties": false,
      "properties": {
        "labels": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "kind"],
            "additionalProperties": false,
            "properties": {"name": {"type": "string"}, "kind": {"type": "string"}}
          }
        },
        "resolution_ps": {"$ref": "#/$defs/count", "description": "shorter slices are drawn together with their neighbours; 0: all are there"},
        "rows": {
          "type": "array",
          "maxItems": 8,
          "items": {
            "type": "object",
            "required": ["rank", "card", "name", "lanes"],
            "additionalProperties": false,
            "properties": {
              "rank": {"$ref": "#/$defs/count"},
              "card": {"$ref": "#/$defs/count"},
              "name": {"type": "string"},
              "lanes": {
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["name", "slices"],
                  "additionalProperties": false,
                  "properties": {
                    "name": {"type": "string"},
                    "slices": {
                      "type": "array",
                      "items": {
                        "type": "array",
                        "description": "start and duration in ps, index of the label",
                        "minItems": 3,
                        "maxItems": 3,
                        "items": {"$ref": "#/$defs/count"}
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
)json";
}

}  // namespace myriad
