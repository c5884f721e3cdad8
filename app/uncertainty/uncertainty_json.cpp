// uncertainty.json and its schema. Metrics and assumptions are told by name; values are in the unit of the metric.

#include "app/uncertainty/uncertainty.h"

#include "app/scenario/metric.h"
#include "app/sweep/metric_text.h"

#include <nlohmann/json.hpp>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "myriad-uncertainty/1",
  "title": "What the assumptions of one run of Myriad leave open",
  "type": "object",
  "required": ["schema", "samples", "ran", "failures", "judged", "regression", "explained", "assumptions", "figures",
               "certain", "swings"],
  "additionalProperties": false,
  "properties": {
    "schema": {"const": "myriad-uncertainty/1"},
    "samples": {"type": "integer", "minimum": 0},
    "ran": {"type": "integer", "minimum": 0, "description": "samples that are valid; the others count in no figure"},
    "failures": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["reason", "samples"],
        "additionalProperties": false,
        "properties": {"reason": {"type": "string"}, "samples": {"type": "integer", "minimum": 1}}
      }
    },
    "judged": {"type": ["string", "null"], "description": "the metric that effects and swings are of"},
    "regression": {"type": "boolean", "description": "effects are regression coefficients of ranks; else correlations"},
    "explained": {"type": "number", "minimum": 0, "maximum": 1, "description": "R squared of the regression"},
    "assumptions": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["paths", "value", "low", "high", "logarithmic", "source", "effect", "told"],
        "additionalProperties": false,
        "properties": {
          "paths": {"type": "array", "items": {"type": "string"}, "description": "as --set takes them; they move together"},
          "value": {"type": "string"},
          "low": {"type": "string"},
          "high": {"type": "string"},
          "logarithmic": {"type": "boolean", "description": "drawn uniformly in its logarithm"},
          "source": {"type": "string"},
          "effect": {"type": "number", "minimum": -2, "maximum": 2},
          "told": {"type": "boolean", "description": "distinguishable from chance"}
        }
      }
    },
    "figures": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["metric", "unit", "nominal", "p5", "p50", "p95", "matters", "effect"],
        "additionalProperties": false,
        "properties": {
          "metric": {"type": "string"},
          "unit": {"type": "string"},
          "nominal": {"type": "number"},
          "p5": {"type": "number"},
          "p50": {"type": "number"},
          "p95": {"type": "number"},
          "matters": {"type": ["string", "null"], "description": "the assumption with the largest effect; null: none told"},
          "effect": {"type": "number"}
        }
      }
    },
    "certain": {"type": "array", "items": {"type": "string"}, "description": "metrics that are the same in every sample"},
    "swings": {
      "type": "array",
      "description": "one assumption at the ends of its range, the others nominal",
      "items": {
        "type": "object",
        "required": ["assumption", "low", "high"],
        "additionalProperties": false,
        "properties": {
          "assumption": {"type": "string"},
          "low": {"type": ["number", "null"], "description": "of `judged`; null: the run failed"},
          "high": {"type": ["number", "null"]}
        }
      }
    }
  }
}
)json";

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::string name_of_metric(std::size_t metric) { return std::string(all_metrics()[metric].name); }

}  // namespace

const char* uncertainty_schema() { return kSchema; }

std::string uncertainty_json(const UncertaintyReport& report) {
    Json failures = Json::array();
    for (const auto& [reason, samples] : report.failures) {
        failures.push_back({{"reason", reason}, {"samples", samples}});
    }
    Json assumptions = Json::array();
    for (std::size_t a = 0; a < report.assumptions.size(); ++a) {
        const Assumption& assumption = report.assumptions[a];
        assumptions.push_back({{"paths", assumption.paths},
                               {"value", assumption.value},
                               {"low", assumption.low},
                               {"high", assumption.high},
                               {"logarithmic", assumption.logarithmic},
                               {"source", assumption.source},
                               {"effect", report.effects.effects[a].coefficient},
                               {"told", report.effects.effects[a].told}});
    }
    Json figures = Json::array();
    for (const UncertainFigure& figure : report.figures) {
        figures.push_back({{"metric", name_of_metric(figure.metric)},
                           {"unit", std::string(all_metrics()[figure.metric].unit)},
                           {"nominal", figure.nominal},
                           {"p5", figure.p5},
                           {"p50", figure.p50},
                           {"p95", figure.p95},
                           {"matters", figure.matters ? Json(report.assumptions[*figure.matters].name()) : Json()},
                           {"effect", figure.coefficient}});
    }
    Json certain = Json::array();
    for (const std::size_t metric : report.certain) {
        certain.push_back(name_of_metric(metric));
    }
    Json swings = Json::array();
    for (const Swing& swing : report.swings) {
        swings.push_back({{"assumption", report.assumptions[swing.assumption].name()},
                          {"low", or_null(swing.low)},
                          {"high", or_null(swing.high)}});
    }
    const Json json{{"schema", "myriad-uncertainty/1"},
                    {"samples", report.samples},
                    {"ran", report.ran},
                    {"failures", failures},
                    {"judged", report.judged ? Json(name_of_metric(*report.judged)) : Json()},
                    {"regression", report.effects.regression},
                    {"explained", report.effects.explained},
                    {"assumptions", assumptions},
                    {"figures", figures},
                    {"certain", certain},
                    {"swings", swings}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
