// The part of the JSON Schema of result.json that says what an explanation is; as strict as the rest.

#include "app/result/explanation_schema.h"

namespace myriad {

const char* explanation_schema() {
    return R"json({
          "type": "object",
          "description": "why the step takes its time; docs/explain.md",
          "required": ["step_ps", "ranks", "running_ranks", "recorded_ranks", "path", "bounds", "communication", "bubble",
                       "words"],
          "additionalProperties": false,
          "properties": {
            "step_ps": {"$ref": "#/$defs/count"},
            "ranks": {"$ref": "#/$defs/count"},
            "running_ranks": {"$ref": "#/$defs/count", "description": "fewer where identical cards are run once"},
            "recorded_ranks": {"$ref": "#/$defs/count", "description": "whose spans were kept to the end"},
            "path": {
              "type": "object",
              "description": "critical path; the shares add up to the step",
              "required": ["hops", "shares", "kernels"],
              "additionalProperties": false,
              "properties": {
                "hops": {"$ref": "#/$defs/count", "description": "from rank to rank"},
                "shares": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": ["category", "time_ps", "fixed_ps"],
                    "additionalProperties": false,
                    "properties": {
                      "category": {"enum": ["compute", "matrix", "vector", "hbm", "on_chip", "network", "late", "idle"]},
                      "group": {"type": "string", "description": "tp, cp, ep, etp, dp, edp, model, embedding; pp: messages"},
                      "link": {"enum": ["icn", "pcie", "nic", "fabric"], "description": "busiest for its bandwidth"},
                      "mostly": {"type": "string", "description": "operation that has at least half of it"},
                      "time_ps": {"$ref": "#/$defs/count"},
                      "fixed_ps": {"$ref": "#/$defs/count", "description": "of it: launches, latency"}
                    }
                  }
                },
                "kernels": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "required": ["name", "category", "time_ps"],
                    "additionalProperties": false,
                    "properties": {
                      "name": {"type": "string"},
                      "category": {"enum": ["compute", "matrix", "vector", "hbm", "on_chip"]},
                      "time_ps": {"$ref": "#/$defs/count"}
                    }
                  }
                }
              }
            },
            "bounds": {
              "type": "array",
              "description": "of one change alone: twice a bandwidth or peak, no launches, no bubbles",
              "items": {
                "type": "object",
                "required": ["change", "saves_at_most_ps", "step_at_least_ps", "slower_elsewhere_ps", "unknown_ps"],
                "additionalProperties": false,
                "properties": {
                  "change": {"enum": ["icn", "pcie", "nic", "fabric", "hbm", "matrix", "vector", "launch", "bubble"]},
                  "saves_at_most_ps": {"$ref": "#/$defs/count"},
                  "step_at_least_ps": {"$ref": "#/$defs/count"},
                  "slower_elsewhere_ps": {"$ref": "#/$defs/count",
                                          "description": "of it: groups that another link class holds up more"},
                  "unknown_ps": {"$ref": "#/$defs/count", "description": "of it: may be of any resource"}
                }
              }
            },
            "communication": {
              "type": "array",
              "description": "mean over the recorded ranks",
              "items": {
                "type": "object",
                "required": ["group", "busy_ps", "exposed_ps", "late_ps", "hidden_ps"],
                "additionalProperties": false,
                "properties": {
                  "group": {"type": "string"},
                  "busy_ps": {"$ref": "#/$defs/count"},
                  "exposed_ps": {"$ref": "#/$defs/count", "description": "awaited while no kernel runs"},
                  "late_ps": {"$ref": "#/$defs/count", "description": "of that: until the last peer came"},
                  "hidden_ps": {"$ref": "#/$defs/count"}
                }
              }
            },
            "bubble": {
              "type": "object",
              "required": ["mean_ps", "least_ps"],
              "additionalProperties": false,
              "properties": {
                "mean_ps": {"$ref": "#/$defs/count"},
                "least_ps": {"$ref": "#/$defs/count", "description": "of the rank that has least"}
              }
            },
            "words": {"type": "array", "items": {"type": "string"}, "description": "largest first"}
          }
        })json";
}

}  // namespace myriad
