// The JSON Schema of sweep.json, kept as text so that it can be read as such. Nothing beyond these keys is allowed: the
// test that validates results would otherwise not notice a key that nobody documented.

#include "app/sweep/sweep_json.h"

namespace myriad {
namespace {

constexpr const char* kSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "myriad-sweep/2",
  "title": "Result of one sweep of Myriad",
  "description": "Values are in the unit of their metric; times are integer picoseconds, sizes integer bytes.",
  "type": "object",
  "required": ["schema", "name", "title", "axes", "metrics", "points", "baseline", "objectives", "constraints", "stages",
               "columns", "analysis"],
  "additionalProperties": false,
  "properties": {
    "schema": {"const": "myriad-sweep/2"},
    "name": {"type": "string"},
    "title": {"type": "string"},
    "axes": {"type": "array", "items": {"$ref": "#/$defs/axis"}},
    "metrics": {"type": "array", "items": {"$ref": "#/$defs/metric"}, "description": "those that some point has"},
    "points": {"type": "array", "items": {"$ref": "#/$defs/point"}},
    "baseline": {"$ref": "#/$defs/choice_or_none", "description": "what gains are against; axes of role load mean nothing"},
    "objectives": {
      "type": "array",
      "description": "what designs are judged by, first things first; empty: the first table or column that can be better",
      "items": {
        "type": "object",
        "required": ["metric", "better"],
        "additionalProperties": false,
        "properties": {"metric": {"type": "string"}, "better": {"$ref": "#/$defs/better"}}
      }
    },
    "constraints": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["metric", "least", "most", "text"],
        "additionalProperties": false,
        "properties": {
          "metric": {"type": "string"},
          "least": {"$ref": "#/$defs/number_or_none"},
          "most": {"$ref": "#/$defs/number_or_none"},
          "text": {"type": "string", "description": "as the sweep says it"}
        }
      }
    },
    "stages": {"type": "array", "items": {"type": "string"}, "description": "of successive halving; empty: none"},
    "columns": {"type": "array", "items": {"type": "string"}, "description": "metrics that the sweep tabulates"},
    "analysis": {"$ref": "#/$defs/analysis"},
    "uncertainty": {"$ref": "#/$defs/uncertainty"}
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "choice": {"type": "array", "items": {"$ref": "#/$defs/count"}, "description": "by axis, the index of its value"},
    "choice_or_none": {"oneOf": [{"$ref": "#/$defs/choice"}, {"type": "null"}]},
    "number_or_none": {"type": ["number", "null"]},
    "numbers_or_none": {"type": "array", "items": {"$ref": "#/$defs/number_or_none"}},
    "better": {"enum": ["lower", "higher", "neither"]},
    "axis": {
      "type": "object",
      "required": ["name", "role", "values", "numbers"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "role": {"enum": ["design", "load", "tuning"],
                 "description": "design: what is chosen; load: what designs are judged by; tuning: each design has its best value of it at each load"},
        "values": {"type": "array", "items": {"type": "string"}, "description": "labels"},
        "numbers": {"$ref": "#/$defs/numbers_or_none", "description": "of the labels: byte/s, byte, ps or plain"}
      }
    },
    "metric": {
      "type": "object",
      "required": ["name", "column", "unit", "kind", "better", "meaning"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "column": {"type": "string", "description": "in sweep.csv"},
        "unit": {"enum": ["1", "ps", "B", "B/s", "1/s", "USD", "W", "USD/h", "1/J"]},
        "kind": {"enum": ["time", "bandwidth", "size", "share", "rate", "count", "money", "power", "rent"]},
        "better": {"$ref": "#/$defs/better"},
        "meaning": {"type": "string"}
      }
    },
    "point": {
      "type": "object",
      "required": ["point", "choice", "status", "reason", "algorithms", "stage", "key", "values"],
      "additionalProperties": false,
      "properties": {
        "point": {"$ref": "#/$defs/count", "description": "number of its row in sweep.csv"},
        "choice": {"$ref": "#/$defs/choice"},
        "status": {"type": "string", "description": "ok, user_error, law_error, exception, crashed, ..."},
        "reason": {"type": "string", "description": "why there is no result; empty if it ran"},
        "algorithms": {"type": "string", "description": "that collectives ran with"},
        "stage": {"$ref": "#/$defs/count", "description": "the last that it has run in"},
        "key": {"type": "string", "description": "the same for points that are the same system; empty: not known"},
        "values": {"type": "object", "additionalProperties": {"type": "number"}, "description": "by name of the metric"}
      }
    },
    "analysis": {
      "type": "object",
      "required": ["headline", "verdict", "ranking", "fronts", "effects", "knees", "knee_summary", "warnings"],
      "additionalProperties": false,
      "properties": {
        "headline": {"type": "string"},
        "verdict": {"type": "array", "items": {"type": "string"}},
        "ranking": {"oneOf": [{"$ref": "#/$defs/ranking"}, {"type": "null"}]},
        "fronts": {"type": "array", "items": {"$ref": "#/$defs/front"}},
        "effects": {"type": "array", "items": {"$ref": "#/$defs/effect"}},
        "knees": {"type": "array", "items": {"$ref": "#/$defs/knee"}},
        "knee_summary": {"type": "array", "items": {"type": "string"}, "description": "a sentence an axis and load"},
        "warnings": {"type": "array", "items": {"type": "string"}}
      }
    },
    "ranking": {
      "type": "object",
      "required": ["loads", "metrics", "reference", "against_baseline", "designs"],
      "additionalProperties": false,
      "properties": {
        "loads": {"type": "array", "items": {"type": "string"}, "description": "one empty name where there is one load"},
        "metrics": {"type": "array", "items": {"type": "string"}, "description": "by load, what designs are judged by"},
        "reference": {"type": "string", "description": "name of the design that gains are against"},
        "against_baseline": {"type": "boolean", "description": "it is the sweep's baseline; else the best design"},
        "designs": {"type": "array", "items": {"$ref": "#/$defs/design"}, "description": "best first, then those excluded"}
      }
    },
    "design": {
      "type": "object",
      "required": ["choice", "name", "tunings", "points", "values", "gains", "score", "excluded", "on_front"],
      "additionalProperties": false,
      "properties": {
        "choice": {"$ref": "#/$defs/choice"},
        "name": {"type": "string"},
        "tunings": {"type": "array", "items": {"type": "string"}, "description": "by load: the labels of its best tuning"},
        "points": {"type": "array", "items": {"type": ["integer", "null"]}, "description": "by load; null: not run"},
        "values": {"$ref": "#/$defs/numbers_or_none", "description": "by load; null: failed"},
        "gains": {"$ref": "#/$defs/numbers_or_none", "description": "by load: times as good as the reference"},
        "score": {"$ref": "#/$defs/number_or_none", "description": "geometric mean of gains"},
        "excluded": {"type": "string", "description": "why it is not ranked; empty: it is"},
        "on_front": {"type": "boolean"}
      }
    },
    "front": {
      "type": "object",
      "required": ["load", "x", "y", "points"],
      "additionalProperties": false,
      "properties": {
        "load": {"type": "string"},
        "x": {"type": "string", "description": "a metric"},
        "y": {"type": "string", "description": "a metric; less is better where it says neither"},
        "points": {"type": "array", "items": {"$ref": "#/$defs/count"}, "description": "best in x first"}
      }
    },
    "effect": {
      "type": "object",
      "required": ["axis", "load", "metric", "levels", "spread", "share", "combinations", "fitted"],
      "additionalProperties": false,
      "properties": {
        "axis": {"type": "string"},
        "load": {"type": "string"},
        "metric": {"type": "string"},
        "levels": {"$ref": "#/$defs/numbers_or_none", "description": "by value of the axis: factor on the metric, mean 1"},
        "spread": {"type": "number", "minimum": 1, "description": "largest level / smallest level"},
        "share": {"type": "number", "minimum": 0, "maximum": 1, "description": "of the variance of ln(value)"},
        "combinations": {"$ref": "#/$defs/count", "description": "of the other axes that were compared"},
        "fitted": {"type": "boolean", "description": "by an additive model, because too few combinations ran at every value"}
      }
    },
    "uncertainty": {
      "type": "object",
      "description": "with --uncertainty",
      "required": ["samples", "judged", "assumptions", "reference", "designs", "points", "runs", "failures"],
      "additionalProperties": false,
      "properties": {
        "samples": {"$ref": "#/$defs/count", "description": "of every point that ran"},
        "judged": {"$ref": "#/$defs/count", "description": "samples in which any design could be ranked"},
        "assumptions": {"$ref": "#/$defs/count", "description": "that were varied"},
        "reference": {"type": "string", "description": "the design that gains are against"},
        "runs": {"$ref": "#/$defs/count", "description": "samples of all points"},
        "failures": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["reason", "runs"],
            "additionalProperties": false,
            "properties": {"reason": {"type": "string"}, "runs": {"$ref": "#/$defs/count"}}
          }
        },
        "designs": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "best", "ranked", "p5", "p50", "p95"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string"},
              "best": {"$ref": "#/$defs/count", "description": "samples in which no design was better"},
              "ranked": {"$ref": "#/$defs/count", "description": "samples in which it ran and kept the constraints"},
              "p5": {"type": "number", "description": "of its gain against the reference in the same sample"},
              "p50": {"type": "number"},
              "p95": {"type": "number"}
            }
          }
        },
        "points": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["point", "metric", "nominal", "p5", "p50", "p95", "ran"],
            "additionalProperties": false,
            "properties": {
              "point": {"$ref": "#/$defs/count"},
              "metric": {"type": "string"},
              "nominal": {"type": "number"},
              "p5": {"type": "number"},
              "p50": {"type": "number"},
              "p95": {"type": "number"},
              "ran": {"$ref": "#/$defs/count", "description": "samples"}
            }
          }
        }
      }
    },
    "knee": {
      "type": "object",
      "required": ["axis", "combination", "metric", "at", "share_there", "last_doubling", "points", "sentence"],
      "additionalProperties": false,
      "properties": {
        "axis": {"type": "string"},
        "combination": {"type": "string", "description": "labels of the other axes"},
        "metric": {"type": "string"},
        "at": {"$ref": "#/$defs/number_or_none", "description": "from here on no doubling gains 10 %; null: it still does"},
        "share_there": {"type": "number", "minimum": 0, "description": "of the best value on the axis"},
        "last_doubling": {"type": "number", "minimum": 0, "description": "1.05: gains 5 %"},
        "points": {"type": "array", "items": {"$ref": "#/$defs/count"}, "description": "along the axis"},
        "sentence": {"type": "string"}
      }
    }
  }
}
)json";

}  // namespace

const char* sweep_result_schema() { return kSchema; }

}  // namespace myriad
