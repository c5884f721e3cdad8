// The part of the JSON Schema of result.json that is about inference.

#include "app/result/inference_json.h"

namespace myriad {

const char* const kInferenceSchema = R"json(    "inference_plan": {
      "type": "object",
      "required": ["phase", "tensor_parallel", "pipeline_parallel", "data_parallel", "expert_parallel",
                   "expert_tensor_parallel", "order", "batch_sequences", "micro_batches", "new_tokens",
                   "context_tokens", "sequence_parallel", "data_type", "weight_type", "cache_type", "fuse_small_kernels", "warmup_steps",
                   "measured_steps"],
      "additionalProperties": false,
      "properties": {
        "phase": {"enum": ["prefill", "decode"]},
        "tensor_parallel": {"$ref": "#/$defs/count"},
        "pipeline_parallel": {"$ref": "#/$defs/count"},
        "data_parallel": {"$ref": "#/$defs/count"},
        "expert_parallel": {"$ref": "#/$defs/count"},
        "expert_tensor_parallel": {"$ref": "#/$defs/count"},
        "order": {"type": "string", "description": "of ranks, innermost dimension first"},
        "batch_sequences": {"$ref": "#/$defs/count", "description": "of all copies"},
        "micro_batches": {"$ref": "#/$defs/count", "description": "of a copy and step"},
        "new_tokens": {"$ref": "#/$defs/count", "description": "of a sequence and step"},
        "context_tokens": {"$ref": "#/$defs/count", "description": "of a sequence, in the cache before the step"},
        "sequence_parallel": {"type": "boolean"},
        "data_type": {"type": "string"},
        "weight_type": {"type": "string"},
        "cache_type": {"type": "string"},
        "fuse_small_kernels": {"type": "boolean"},
        "warmup_steps": {"$ref": "#/$defs/count"},
        "measured_steps": {"$ref": "#/$defs/count"}
      }
    },
    "binds": {
      "type": "object",
      "description": "of a step, mean over cards: kernels by what limits them, each as if alone; launches apart",
      "required": ["matrix", "vector", "HBM", "on-chip", "launch", "latency"],
      "additionalProperties": false,
      "properties": {
        "matrix": {"$ref": "#/$defs/count"},
        "vector": {"$ref": "#/$defs/count"},
        "HBM": {"$ref": "#/$defs/count"},
        "on-chip": {"$ref": "#/$defs/count", "description": "caches and ports; card level tile"},
        "launch": {"$ref": "#/$defs/count"},
        "latency": {"$ref": "#/$defs/count", "description": "too little work to fill the card; card level tile"},
        "slowed": {"$ref": "#/$defs/count", "description": "what kernels took longer than alone"},
        "communication": {"$ref": "#/$defs/count"},
        "bubble": {"$ref": "#/$defs/count"}
      }
    },
    "inference": {
      "type": "object",
      "required": ["model", "plan", "cards", "sequences", "tokens", "step_time_ps", "shortest_step_ps",
                   "longest_step_ps", "lower_bound_ps", "tokens_per_s", "tokens_per_s_per_card", "model_flop",
                   "peak_flop_per_s", "mfu", "time_per_card", "collectives_busy_ps", "binds_ps", "operators",
                   "pipeline_messages", "pipeline_message_bytes", "collectives", "memory_by_stage",
                   "memory_capacity_bytes"],
      "additionalProperties": false,
      "properties": {
        "model": {"type": "string"},
        "plan": {"$ref": "#/$defs/inference_plan"},
        "cards": {"$ref": "#/$defs/count"},
        "sequences": {"$ref": "#/$defs/count", "description": "of a step"},
        "tokens": {"$ref": "#/$defs/count", "description": "of a step: of prompts, or new ones"},
        "step_time_ps": {"$ref": "#/$defs/count", "description": "steady; decode: time per output token"},
        "shortest_step_ps": {"$ref": "#/$defs/count", "description": "of those measured"},
        "longest_step_ps": {"$ref": "#/$defs/count", "description": "of those measured"},
        "first_tokens_ps": {"$ref": "#/$defs/count", "description": "prefill: of the first micro-batch, idle cards"},
        "all_first_tokens_ps": {"$ref": "#/$defs/count", "description": "prefill: time to first token of all"},
        "lower_bound_ps": {"$ref": "#/$defs/count", "description": "of a step, without contention"},
        "tokens_per_s": {"$ref": "#/$defs/amount"},
        "tokens_per_s_per_card": {"$ref": "#/$defs/amount"},
        "model_flop": {"$ref": "#/$defs/amount", "description": "of a step, forward, masked pairs not counted"},
        "peak_flop_per_s": {"$ref": "#/$defs/amount", "description": "of all cards, in the type of the weights"},
        "mfu": {"$ref": "#/$defs/amount"},
        "time_per_card": {
          "type": "object",
          "description": "of a step; every instant of a card belongs to one of them",
          "required": ["compute", "tensor", "expert", "pipeline", "bubble"],
          "additionalProperties": {"$ref": "#/$defs/spread"}
        },
        "collectives_busy_ps": {
          "type": "object",
          "description": "of a step, hidden or not, mean over cards",
          "required": ["tensor", "expert"],
          "additionalProperties": {"$ref": "#/$defs/count"}
        },
        "binds_ps": {"$ref": "#/$defs/binds"},
        "hbm_bound": {
          "type": "object",
          "description": "decode: what the card with most to read must read a step, whatever its kernels do",
          "required": ["weights_bytes", "cache_bytes", "peak_bytes_per_s", "streaming_bytes_per_s", "at_peak_ps",
                       "at_streaming_ps"],
          "additionalProperties": {"$ref": "#/$defs/count"}
        },
        "operators": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["name", "mean_per_card_ps", "total_ps"],
            "additionalProperties": false,
            "properties": {
              "name": {"type": "string"},
              "mean_per_card_ps": {"$ref": "#/$defs/count", "description": "of a step"},
              "total_ps": {"$ref": "#/$defs/count", "description": "of a step, all cards"},
              "binds": {"enum": ["matrix", "vector", "HBM", "on-chip", "launch", "latency"]},
              "binds_ps": {"$ref": "#/$defs/binds"}
            }
          }
        },
        "pipeline_messages": {"$ref": "#/$defs/count", "description": "of all steps"},
        "pipeline_message_bytes": {"$ref": "#/$defs/count", "description": "of all steps"},
        "collectives": {"$ref": "#/$defs/count", "description": "entered by cards, of all steps"},
        "experts": {
          "type": "object",
          "required": ["imbalance", "visited_of_a_card", "held_by_a_card"],
          "additionalProperties": false,
          "properties": {
            "imbalance": {"$ref": "#/$defs/amount", "description": "most rows of a card over the mean"},
            "visited_of_a_card": {"$ref": "#/$defs/amount", "description": "by a micro-batch in a layer, mean"},
            "held_by_a_card": {"$ref": "#/$defs/count"}
          }
        },
        "cost": {
          "type": "object",
          "required": ["usd_per_million_tokens", "low_usd_per_million_tokens", "high_usd_per_million_tokens",
                       "rent_usd_per_card_hour", "rent_status"],
          "additionalProperties": false,
          "properties": {
            "usd_per_million_tokens": {"$ref": "#/$defs/amount"},
            "low_usd_per_million_tokens": {"$ref": "#/$defs/amount", "description": "at the low end of the rent's range"},
            "high_usd_per_million_tokens": {"$ref": "#/$defs/amount"},
            "rent_usd_per_card_hour": {"$ref": "#/$defs/amount"},
            "rent_status": {"enum": ["published", "reported", "derived", "assumed"]},
            "rent_range_usd_per_card_hour": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
          }
        },
        "memory_by_stage": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["weights_bytes", "cache_bytes", "activations_bytes", "total_bytes"],
            "additionalProperties": {"$ref": "#/$defs/count"}
          }
        },
        "memory_capacity_bytes": {"$ref": "#/$defs/count"}
      }
    },
)json";

}  // namespace myriad
