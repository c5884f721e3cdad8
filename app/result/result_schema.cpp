// The JSON Schema of result.json, kept as text so that it can be read as such. Nothing beyond these keys is allowed:
// the test that validates results would otherwise not notice a key that nobody documented.

#include "app/result/explanation_schema.h"
#include "app/result/inference_json.h"
#include "app/result/result_json.h"

#include <string>
#include <string_view>

namespace myriad {
namespace {

constexpr const char* kSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "myriad-result/1",
  "title": "Result of one run of Myriad",
  "description": "Times are integer picoseconds, sizes integer bytes, ratios numbers from 0 to 1.",
  "type": "object",
  "required": ["schema", "name", "title", "cluster", "cards", "fidelity", "placement", "changes", "simulated_ps", "events", "network", "statistics", "links",
               "links_used", "algorithms", "laws", "assumed", "not_modelled"],
  "additionalProperties": false,
  "properties": {
    "schema": {"const": "myriad-result/1"},
    "name": {"type": "string", "description": "of the scenario"},
    "title": {"type": "string"},
    "cluster": {"type": "string"},
    "cards": {"$ref": "#/$defs/count", "description": "of the cluster"},
    "fidelity": {
      "type": "object",
      "required": ["network", "card", "interference", "cell_bytes"],
      "additionalProperties": false,
      "properties": {
        "network": {"enum": ["packet", "flow", "analytic"]},
        "card": {"enum": ["roofline", "tile", "live"]},
        "interference": {"type": "boolean", "description": "kernels and messages of a card slow each other down"},
        "cell_bytes": {"$ref": "#/$defs/count", "description": "payload of a packet; used at packet level only"},
        "arbitration": {"enum": ["fifo", "round_robin", "per_flow_fair"],
                        "description": "who goes next where packets wait; this and the next where either is not the default"},
        "flow_control": {"enum": ["none", "modelled"], "description": "are the buffers behind links bounded"}
      }
    },
    "placement": {"type": "string", "description": "order in which ranks take cards"},
    "changes": {"type": "array", "items": {"type": "string"}, "description": "links and cards that are not as built"},
    "simulated_ps": {"$ref": "#/$defs/count", "description": "when the last thing ended"},
    "events": {"$ref": "#/$defs/count", "description": "records of the agenda delivered"},
    "network": {
      "type": "object",
      "description": "0 at analytic level",
      "required": ["packet_hops", "messages", "payload_bytes", "systemc_modules"],
      "additionalProperties": false,
      "properties": {
        "packet_hops": {"$ref": "#/$defs/count", "description": "packets times links crossed"},
        "messages": {"$ref": "#/$defs/count", "description": "packet and flow level"},
        "payload_bytes": {"$ref": "#/$defs/count", "description": "of all messages"},
        "wire_bytes": {"$ref": "#/$defs/count", "description": "the same with what protocols add; absent: nothing"},
        "systemc_modules": {"$ref": "#/$defs/count"}
      }
    },
    "statistics": {
      "type": "object",
      "description": "by hierarchical name",
      "additionalProperties": {
        "type": "object",
        "required": ["value", "unit", "meaning"],
        "additionalProperties": false,
        "properties": {
          "value": {"type": "number"},
          "unit": {"enum": ["ps", "byte", "byte/s", "flop", "flop/s", "count", "ratio"]},
          "meaning": {"type": "string"}
        }
      }
    },
    "kernels": {
      "type": "object",
      "description": "card level tile only",
      "required": ["distinct"],
      "additionalProperties": false,
      "properties": {"distinct": {"$ref": "#/$defs/count", "description": "each simulated once, in this run or before"}}
    },
    "links": {
      "type": "array",
      "maxItems": 100,
      "description": "busiest first; all are in links.csv",
      "items": {"$ref": "#/$defs/link"}
    },
    "links_used": {"$ref": "#/$defs/count", "description": "directed links that carried anything"},
    "algorithms": {"type": "array", "items": {"$ref": "#/$defs/algorithm"}},
    "laws": {"type": "array", "items": {"type": "string"}, "description": "checked and held"},
    "assumed": {"type": "array", "items": {"$ref": "#/$defs/assumption"}},
    "not_modelled": {"type": "array", "items": {"type": "string"}},
    "collectives": {"type": "array", "items": {"$ref": "#/$defs/collective"}},
    "overlap": {"$ref": "#/$defs/overlap"},
    "traffic": {"$ref": "#/$defs/traffic"},
    "iteration": {"$ref": "#/$defs/iteration"},
    "inference": {"$ref": "#/$defs/inference"},
    "training": {"$ref": "#/$defs/training"}
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "amount": {"type": "number", "minimum": 0},
    "operation": {"enum": ["all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast", "reduce", "gather",
                           "scatter", "all_to_allv"]},
    "link": {
      "type": "object",
      "required": ["from", "to", "class", "bandwidth_bytes_per_s", "bytes", "packets", "busy_ps", "utilisation",
                   "longest_wait_ps"],
      "additionalProperties": false,
      "properties": {
        "from": {"type": "string"},
        "to": {"type": "string"},
        "class": {"type": "string"},
        "bandwidth_bytes_per_s": {"$ref": "#/$defs/count", "description": "of this direction"},
        "bytes": {"$ref": "#/$defs/count"},
        "packets": {"$ref": "#/$defs/count"},
        "busy_ps": {"$ref": "#/$defs/count"},
        "utilisation": {"$ref": "#/$defs/amount", "description": "busy_ps / simulated_ps"},
        "longest_wait_ps": {"$ref": "#/$defs/count", "description": "of a packet for this link"}
      }
    },
    "algorithm": {
      "type": "object",
      "required": ["dimension", "groups", "operation", "algorithm", "reason"],
      "additionalProperties": false,
      "properties": {
        "dimension": {"type": "string", "description": "tp, dp, model, world"},
        "groups": {"$ref": "#/$defs/count", "description": "groups of the dimension that do the same"},
        "operation": {"$ref": "#/$defs/operation"},
        "algorithm": {"type": "string", "description": "as the key algorithm of a collective names them"},
        "protocol": {"type": "string", "description": "of the machine's library, where it states one"},
        "reason": {"type": "string", "description": "empty when the scenario names the algorithm"}
      }
    },
    "assumption": {
      "type": "object",
      "required": ["path", "value", "source"],
      "additionalProperties": false,
      "properties": {
        "path": {"type": "string", "description": "as --set takes it"},
        "value": {"type": "string"},
        "source": {"type": "string"},
        "range": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
      }
    },
    "collective": {
      "type": "object",
      "description": "algbw and busbw as nccl-tests defines them",
      "required": ["operation", "size_bytes", "ranks", "time_ps", "lower_bound_ps", "algbw_bytes_per_s",
                   "busbw_bytes_per_s"],
      "additionalProperties": false,
      "properties": {
        "operation": {"$ref": "#/$defs/operation"},
        "size_bytes": {"$ref": "#/$defs/count", "description": "of the whole buffer"},
        "ranks": {"$ref": "#/$defs/count"},
        "time_ps": {"$ref": "#/$defs/count"},
        "lower_bound_ps": {"$ref": "#/$defs/count"},
        "algbw_bytes_per_s": {"$ref": "#/$defs/amount"},
        "busbw_bytes_per_s": {"$ref": "#/$defs/amount"},
        "algorithm": {"type": "string", "description": "picked for this size; where the machine states a library"},
        "protocol": {"type": "string", "description": "of that library, picked for this size"}
      }
    },
)json"
                                R"json(    "overlap": {
      "type": "object",
      "required": ["parts", "alone_sum_ps", "together_ps", "use"],
      "additionalProperties": false,
      "properties": {
        "parts": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["what", "size_bytes", "launch_ps", "alone_ps", "together_ps", "use"],
            "additionalProperties": false,
            "properties": {
              "what": {"type": "string"},
              "size_bytes": {"$ref": "#/$defs/count", "description": "of communication; 0: none"},
              "alone_ps": {"$ref": "#/$defs/count", "description": "with nothing beside it"},
              "together_ps": {"$ref": "#/$defs/count", "description": "from the start of all to its end"},
              "launch_ps": {"$ref": "#/$defs/count", "description": "start and end of its kernels, in both times"},
              "use": {"$ref": "#/$defs/overlap_use", "description": "alone"}
            }
          }
        },
        "alone_sum_ps": {"$ref": "#/$defs/count"},
        "together_ps": {"$ref": "#/$defs/count", "description": "from the start of all to the end of the last"},
        "use": {"$ref": "#/$defs/overlap_use", "description": "together"},
        "kernel": {
          "type": "object",
          "description": "the GEMM once on one card; card level tile",
          "required": ["limit", "plan", "why", "body_ps", "hbm_read_bytes", "hbm_written_bytes", "cache_read_bytes",
                       "cache_hit_bytes", "tensor_busy", "cache_busy", "hbm_busy", "row_hits"],
          "additionalProperties": false,
          "properties": {
            "limit": {"type": "string"},
            "plan": {"type": "string"},
            "why": {"type": "array", "items": {"type": "string"}, "description": "against the ideal"},
            "body_ps": {"$ref": "#/$defs/count"},
            "hbm_read_bytes": {"$ref": "#/$defs/count"},
            "hbm_written_bytes": {"$ref": "#/$defs/count"},
            "cache_read_bytes": {"$ref": "#/$defs/count"},
            "cache_hit_bytes": {"$ref": "#/$defs/count"},
            "tensor_busy": {"$ref": "#/$defs/amount", "description": "shares of the body"},
            "cache_busy": {"$ref": "#/$defs/amount"},
            "hbm_busy": {"$ref": "#/$defs/amount"},
            "row_hits": {"$ref": "#/$defs/amount"}
          }
        }
      }
    },
    "overlap_use": {
      "type": "object",
      "description": "from the start of some parts to the end of the last",
      "required": ["carried_bytes", "messages", "busiest_link_ps"],
      "additionalProperties": false,
      "properties": {
        "carried_bytes": {"$ref": "#/$defs/count", "description": "by messages; packet level"},
        "messages": {"$ref": "#/$defs/count", "description": "packet level"},
        "busiest_link_ps": {"$ref": "#/$defs/count", "description": "time in which the busiest direction of a link sent"},
        "live": {
          "type": "object",
          "description": "card level live; busy: shares of the time, on the card where they are greatest",
          "required": ["bytes", "barriers", "barrier_wait_ps", "slice_busy_mean", "slice_busy_most", "hbm_busy_mean",
                       "hbm_busy_most", "row_hits"],
          "additionalProperties": false,
          "properties": {
            "bytes": {
              "type": "object",
              "description": "of all cards",
              "required": ["core_read_bytes", "core_written_bytes", "remote_read_bytes", "remote_written_bytes",
                           "cache_read_bytes", "cache_written_bytes", "cache_hit_bytes", "hbm_read_bytes",
                           "hbm_written_bytes"],
              "additionalProperties": false,
              "properties": {
                "core_read_bytes": {"$ref": "#/$defs/count", "description": "loaded by cores, here and there"},
                "core_written_bytes": {"$ref": "#/$defs/count"},
                "remote_read_bytes": {"$ref": "#/$defs/count", "description": "of those, from other cards"},
                "remote_written_bytes": {"$ref": "#/$defs/count"},
                "cache_read_bytes": {"$ref": "#/$defs/count", "description": "served by cache slices"},
                "cache_written_bytes": {"$ref": "#/$defs/count"},
                "cache_hit_bytes": {"$ref": "#/$defs/count"},
                "hbm_read_bytes": {"$ref": "#/$defs/count"},
                "hbm_written_bytes": {"$ref": "#/$defs/count"}
              }
            },
            "barriers": {"$ref": "#/$defs/count", "description": "of a card"},
            "barrier_wait_ps": {"$ref": "#/$defs/count", "description": "of the card that waited longest for flags"},
            "slice_busy_mean": {"$ref": "#/$defs/amount"},
            "slice_busy_most": {"$ref": "#/$defs/amount", "description": "of the busiest cache slice"},
            "hbm_busy_mean": {"$ref": "#/$defs/amount"},
            "hbm_busy_most": {"$ref": "#/$defs/amount", "description": "of the busiest pseudo channel"},
            "row_hits": {"$ref": "#/$defs/amount", "description": "share of the bursts"}
          }
        }
      }
    },
    "spread": {
      "type": "object",
      "description": "over cards",
      "required": ["min_ps", "mean_ps", "max_ps"],
      "additionalProperties": false,
      "properties": {
        "min_ps": {"$ref": "#/$defs/count"},
        "mean_ps": {"$ref": "#/$defs/count"},
        "max_ps": {"$ref": "#/$defs/count"}
      }
    },
    "plan": {
      "type": "object",
      "required": ["tensor_parallel", "pipeline_parallel", "data_parallel", "context_parallel", "expert_parallel",
                   "expert_tensor_parallel", "order", "micro_batch_sequences", "global_batch_sequences",
                   "sequence_length_tokens", "micro_batches", "sequence_parallel", "schedule", "virtual_stages",
                   "recompute", "precision", "zero_stage"],
      "additionalProperties": false,
      "properties": {
        "tensor_parallel": {"$ref": "#/$defs/count"},
        "pipeline_parallel": {"$ref": "#/$defs/count"},
        "data_parallel": {"$ref": "#/$defs/count"},
        "context_parallel": {"$ref": "#/$defs/count"},
        "expert_parallel": {"$ref": "#/$defs/count"},
        "expert_tensor_parallel": {"$ref": "#/$defs/count"},
        "order": {"type": "string", "description": "of ranks, innermost dimension first"},
        "schedule": {"type": "string"},
        "virtual_stages": {"$ref": "#/$defs/count"},
        "recompute": {"type": "string"},
        "precision": {"type": "string"},
        "micro_batch_sequences": {"$ref": "#/$defs/count"},
        "global_batch_sequences": {"$ref": "#/$defs/count"},
        "sequence_length_tokens": {"$ref": "#/$defs/count"},
        "micro_batches": {"$ref": "#/$defs/count", "description": "a data-parallel rank and step"},
        "sequence_parallel": {"type": "boolean"},
        "zero_stage": {"$ref": "#/$defs/count"}
      }
    },
    "rates": {
      "type": "object",
      "required": ["tokens_per_s", "tokens_per_s_per_card", "model_flop", "model_flop_unmasked", "executed_flop",
                   "peak_flop_per_s", "mfu", "mfu_unmasked", "hfu"],
      "additionalProperties": false,
      "properties": {
        "tokens_per_s": {"$ref": "#/$defs/amount"},
        "tokens_per_s_per_card": {"$ref": "#/$defs/amount"},
        "model_flop": {"$ref": "#/$defs/amount",
                       "description": "forward and backward, causal pairs, nothing recomputed or padded"},
        "model_flop_unmasked": {"$ref": "#/$defs/amount", "description": "with masked pairs, as Megatron and PaLM"},
        "executed_flop": {"$ref": "#/$defs/amount", "description": "of the matrix units"},
        "peak_flop_per_s": {"$ref": "#/$defs/amount", "description": "of all cards"},
        "mfu": {"$ref": "#/$defs/amount"},
        "mfu_unmasked": {"$ref": "#/$defs/amount", "description": "to be compared with published figures"},
        "hfu": {"$ref": "#/$defs/amount"}
      }
    },
    "memory": {
      "type": "object",
      "description": "of a card of one pipeline stage",
      "required": ["weights_bytes", "gradients_bytes", "optimizer_bytes", "activations_bytes", "transient_bytes",
                   "total_bytes"],
      "additionalProperties": false,
      "properties": {
        "weights_bytes": {"$ref": "#/$defs/count"},
        "gradients_bytes": {"$ref": "#/$defs/count"},
        "optimizer_bytes": {"$ref": "#/$defs/count"},
        "activations_bytes": {"$ref": "#/$defs/count"},
        "transient_bytes": {"$ref": "#/$defs/count"},
        "total_bytes": {"$ref": "#/$defs/count"}
      }
    },
    "operator": {
      "type": "object",
      "required": ["name", "kind", "mean_per_card_ps", "total_ps"],
      "additionalProperties": false,
      "properties": {
        "name": {"type": "string"},
        "kind": {"enum": ["compute", "optimizer"]},
        "mean_per_card_ps": {"$ref": "#/$defs/count", "description": "total_ps / cards"},
        "total_ps": {"$ref": "#/$defs/count"},
        "limit": {"enum": ["tensor", "vector", "hbm", "cache", "core_port", "launch", "latency"],
                  "description": "what was busiest in its longest kernel; card level tile only"},
        "plan": {"type": "string", "description": "how that kernel was cut"},
        "why": {"type": "array", "items": {"type": "string"}, "description": "what makes it slower than ideal"}
      }
    },
    "traffic": {
      "type": "object",
      "required": ["pattern", "cards", "flows", "bytes", "makespan_ps", "lower_bound_ps", "bandwidth_bytes_per_s",
                   "completion"],
      "additionalProperties": false,
      "properties": {
        "pattern": {"enum": ["permutation", "shift", "incast", "all_to_all", "random", "hotspot"]},
        "cards": {"$ref": "#/$defs/count", "description": "that take part"},
        "flows": {"$ref": "#/$defs/count"},
        "bytes": {"$ref": "#/$defs/count", "description": "of all flows"},
        "makespan_ps": {"$ref": "#/$defs/count", "description": "until the last flow has ended"},
        "lower_bound_ps": {"$ref": "#/$defs/count", "description": "bytes of the busiest card over all of its links"},
        "bandwidth_bytes_per_s": {"$ref": "#/$defs/amount", "description": "bytes / makespan, one direction"},
        "completion": {
          "type": "object",
          "description": "of a flow, from the start of all",
          "required": ["first_ps", "mean_ps", "p50_ps", "p90_ps", "p99_ps"],
          "additionalProperties": false,
          "properties": {
            "first_ps": {"$ref": "#/$defs/count"},
            "mean_ps": {"$ref": "#/$defs/count"},
            "p50_ps": {"$ref": "#/$defs/count"},
            "p90_ps": {"$ref": "#/$defs/count"},
            "p99_ps": {"$ref": "#/$defs/count"}
          }
        }
      }
    },
    "iteration": {
      "type": "object",
      "required": ["layers", "blocks", "tensor_parallel", "data_parallel", "overlap_gradient_reduction", "time_ps",
                   "compute_ps", "exposed_tensor_ps", "exposed_data_ps", "collectives"],
      "additionalProperties": false,
      "properties": {
        "layers": {"$ref": "#/$defs/count"},
        "blocks": {"$ref": "#/$defs/count", "description": "of a layer"},
        "tensor_parallel": {"$ref": "#/$defs/count"},
        "data_parallel": {"$ref": "#/$defs/count"},
        "overlap_gradient_reduction": {"type": "boolean"},
        "time_ps": {"$ref": "#/$defs/count", "description": "until the last rank is done"},
        "compute_ps": {"$ref": "#/$defs/count", "description": "of a rank"},
        "exposed_tensor_ps": {"$ref": "#/$defs/count", "description": "waiting for it, mean over ranks"},
        "exposed_data_ps": {"$ref": "#/$defs/count", "description": "waiting for it, mean over ranks"},
        "collectives": {"$ref": "#/$defs/count", "description": "entered, over all ranks"}
      }
    },
)json";

constexpr const char* kSchemaEnd = R"json(    "training": {
      "type": "object",
      "required": ["model", "plan", "cards", "tokens", "step_time_ps", "lower_bound_ps", "rates", "time_per_card",
                   "bubble", "collectives_busy_ps", "operators", "pipeline_messages", "pipeline_message_bytes",
                   "collectives", "programs", "memory_by_stage", "memory_capacity_bytes"],
      "additionalProperties": false,
      "properties": {
        "model": {"type": "string"},
        "plan": {"$ref": "#/$defs/plan"},
        "cards": {"$ref": "#/$defs/count", "description": "of the plan"},
        "tokens": {"$ref": "#/$defs/count", "description": "of the step"},
        "step_time_ps": {"$ref": "#/$defs/count"},
        "lower_bound_ps": {"$ref": "#/$defs/count"},
        "rates": {"$ref": "#/$defs/rates"},
        "time_per_card": {
          "type": "object",
          "description": "every instant of a card belongs to one of them; the means add up to the step",
          "required": ["compute", "tensor", "context", "expert", "pipeline", "bubble", "data", "model", "optimizer"],
          "additionalProperties": false,
          "properties": {
            "compute": {"$ref": "#/$defs/spread"},
            "tensor": {"$ref": "#/$defs/spread"},
            "context": {"$ref": "#/$defs/spread"},
            "expert": {"$ref": "#/$defs/spread"},
            "pipeline": {"$ref": "#/$defs/spread"},
            "bubble": {"$ref": "#/$defs/spread"},
            "data": {"$ref": "#/$defs/spread"},
            "model": {"$ref": "#/$defs/spread"},
            "optimizer": {"$ref": "#/$defs/spread"}
          }
        },
        "bubble": {
          "type": "object",
          "required": ["fraction", "ideal_fraction"],
          "additionalProperties": false,
          "properties": {
            "fraction": {"$ref": "#/$defs/amount", "description": "mean bubble / step time"},
            "ideal_fraction": {"$ref": "#/$defs/amount", "description": "equal stages and free communication, docs/pipelines.md"}
          }
        },
        "collectives_busy_ps": {
          "type": "object",
          "description": "time of collectives, hidden or not, mean over cards",
          "required": ["tensor", "context", "expert", "data", "model"],
          "additionalProperties": {"$ref": "#/$defs/count"}
        },
        "programs": {"$ref": "#/$defs/count", "description": "that ran: identical cards may be run once"},
        "experts": {
          "type": "object",
          "required": ["imbalance", "dropped"],
          "additionalProperties": false,
          "properties": {
            "imbalance": {"$ref": "#/$defs/amount", "description": "most rows of a card over the mean"},
            "dropped": {"$ref": "#/$defs/amount", "description": "share of visits, by the capacity factor"}
          }
        },
        "operators": {"type": "array", "items": {"$ref": "#/$defs/operator"}},
        "pipeline_messages": {"$ref": "#/$defs/count"},
        "pipeline_message_bytes": {"$ref": "#/$defs/count"},
        "collectives": {"$ref": "#/$defs/count", "description": "entered, over all cards"},
        "memory_by_stage": {"type": "array", "items": {"$ref": "#/$defs/memory"}},
        "memory_capacity_bytes": {"$ref": "#/$defs/count"},
        "explanation": @explanation@
      }
    }
  }
}
)json";

}  // namespace

std::string result_schema() {
    constexpr std::string_view kPlace = "@explanation@";
    std::string schema = std::string(kSchema) + kInferenceSchema + kSchemaEnd;
    return schema.replace(schema.find(kPlace), kPlace.size(), explanation_schema());
}

}  // namespace myriad
