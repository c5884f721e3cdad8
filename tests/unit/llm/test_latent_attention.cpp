// Multi-head latent attention of DeepSeek-V3: 128 heads, latents of 1536 and 512, keys 128 + 64 wide, values 128.

#include "tests/unit/llm/lists.h"
#include "tests/unit/llm/models.h"

using namespace myriad;
using test::find;
using test::kernel;

TEST_CASE("training projects keys and values up for every head") {
    const LlmConfig model = test::deepseek_v3();
    const OperatorShape shape{.micro_batch = 2, .sequence_length = 4096, .tensor_parallel = 4};
    const OperatorList list = test::layer(model, shape);
    const double tokens = 2 * 4096;
    const double pairs = 2 * 4096.0 * 4097 / 2;
    CHECK(kernel(list, "query_down").work.count() == 2 * tokens * 7168 * 1536);
    CHECK(kernel(list, "kv_down").work.count() == 2 * tokens * 7168 * 576);
    CHECK(kernel(list, "query_up").work.count() == 2 * tokens * 1536 * 32 * 192);
    CHECK(kernel(list, "kv_up").work.count() == 2 * tokens * 512 * 32 * 256);
    // A pair: 2 x 192 for its score, 2 x 128 for its value; backward 3 of the first and 2 of the second kind.
    CHECK(kernel(list, "flash_attention").work.count() == 2 * (192.0 + 128) * pairs * 32);
    CHECK(kernel(list, "flash_attention_grad").work.count() == 2 * (3 * 192.0 + 2 * 128) * pairs * 32);
    // Its gradient is added to that of the other matrix on the same input.
    CHECK(kernel(list, "kv_down_dgrad").read == Bytes{2 * (8192 * 576 + 7168 * 576) + 2 * 8192 * 7168});
    // Rotated queries in place; keys of 128 and the common 64 in, whole keys of 192 out; two bytes, 32 heads.
    CHECK(kernel(list, "rope").read == Bytes{8192 * 2 * (32 * 64 + 32 * 128 + 64)});
    CHECK(kernel(list, "rope").written == Bytes{8192 * 2 * (32 * 64 + 32 * 192)});
}

TEST_CASE("tensor parallelism gathers latents, not activations") {
    OperatorShape shape{.sequence_length = 4096, .tensor_parallel = 4, .sequence_parallel = true};
    const LlmConfig model = test::deepseek_v3();
    const OperatorList list = test::layer(model, shape);
    CHECK(test::names(list).find("input_norm query_down query_latent_norm kv_down kv_latent_norm gather query_up kv_up "
                                 "rope attention attention_output reduce residual") == 0);
    // 1536 and 512 + 64 channels of 4096 tokens; down-projections of the rank's 1024.
    CHECK(find(list, "gather").exchange.forward->size == Bytes{4096 * (1536 + 576) * 2});
    CHECK(find(list, "reduce").exchange.forward->size == Bytes{4096 * 7168 * 2});
    CHECK(std::get<GemmShape>(kernel(list, "query_down").shape).m == 1024);
    CHECK(std::get<GemmShape>(kernel(list, "query_up").shape).m == 4096);
    CHECK(find(list, "query_down").replicated == 7168 * 1536);
    CHECK(find(list, "query_up").replicated == 0);
}

TEST_CASE("decode absorbs the up-projections and reads the latents once for all heads") {
    const LlmConfig model = test::deepseek_v3();
    OperatorShape shape{.phase = ModelPhase::decode, .micro_batch = 32, .sequence_length = 1, .context = 4095};
    const OperatorList list = test::layer(model, shape);
    CHECK(test::names(list).find("input_norm query_down query_latent_norm kv_down kv_latent_norm query_up query_absorb "
                                 "rope kv_cache_write attention value_absorb attention_output residual") == 0);
    CHECK(kernel(list, "query_absorb").work.count() == 2.0 * 32 * 128 * 128 * 512);
    CHECK(kernel(list, "value_absorb").work.count() == 2.0 * 32 * 128 * 512 * 128);
    const Kernel& core = kernel(list, "mla_decode");
    // 4096 keys of 576 channels; queries as wide; 64 pages of 64 tokens, 4 bytes each in the block table.
    CHECK(core.work.count() == 2.0 * (576 + 512) * 4096 * 128 * 32);
    CHECK(core.read == Bytes{32 * (2 * 128 * 576 + 2 * 4096 * 576 + 64 * 4)});
    CHECK(core.written == Bytes{32 * 128 * (2 * 512 + 4)});
    CHECK(kernel(list, "kv_cache_write").written == Bytes{32 * 576 * 2});
    CHECK(list.back().kept == Bytes{0});
}

TEST_CASE("prefill projects cached latents up again") {
    const LlmConfig model = test::deepseek_v3();
    const OperatorShape shape{.phase = ModelPhase::prefill, .micro_batch = 2, .sequence_length = 1024, .context = 3072};
    const OperatorList list = test::layer(model, shape);
    CHECK(kernel(list, "kv_down").work.count() == 2.0 * 2 * 1024 * 7168 * 576);
    CHECK(kernel(list, "kv_up").work.count() == 2.0 * 2 * 4096 * 512 * 128 * 256);
    // 1024 queries see 3072 tokens before them and their own: 1024 x 3072 + 1024 x 1025 / 2 pairs.
    CHECK(kernel(list, "flash_attention").work.count() == 2.0 * 320 * 128 * 2 * (1024.0 * 3072 + 1024.0 * 1025 / 2));
    CHECK(kernel(list, "kv_cache_write").written == Bytes{2 * 1024 * 576 * 2});
}

TEST_CASE("sparse attention reads the keys that the indexer chooses") {
    // DeepSeek-V3.2: 64 index heads of 128, 2048 keys a query.
    LlmConfig model = test::deepseek_v3();
    model.index = {64, 128, 2048};
    OperatorShape shape{.phase = ModelPhase::decode, .micro_batch = 16, .sequence_length = 1, .context = 65535};
    OperatorList list = test::layer(model, shape);
    const Kernel& core = kernel(list, "sparse_attention");
    CHECK(core.work.count() == 2.0 * (576 + 512) * 128 * 2048 * 16);
    CHECK(core.read == Bytes{16 * (128 * 576 * 2 + 2048 * 576 * 2 + 2048 * 4)});
    // All 65,536 index keys are read: a byte a channel and 4 for 128 of them.
    const Kernel& scores = kernel(list, "index_scores");
    CHECK(scores.type == DataType::fp8);
    CHECK(scores.work.count() == 2.0 * 64 * 128 * 65536 * 16);
    CHECK(scores.read == Bytes{16 * (64 * 128 + 64 * 4 + 65536 * (128 + 4) + 64 * 2)});
    CHECK(kernel(list, "index_top_k").read == Bytes{16 * 65536 * 4});
    CHECK(kernel(list, "index_query").work.count() == 2.0 * 16 * 1536 * 64 * 128);
    // Prefill of 4096 tokens on an empty cache: the first 2048 queries see all keys before them.
    shape = {.phase = ModelPhase::prefill, .micro_batch = 2, .sequence_length = 4096};
    list = test::layer(model, shape);
    const double pairs = 2048.0 * 2049 / 2 + 2048.0 * 2048;
    CHECK(kernel(list, "sparse_attention").work.count() == 2.0 * (576 + 512) * 128 * 2 * pairs);
    CHECK(kernel(list, "index_scores").work.count() == 2.0 * 64 * 128 * 2 * 4096.0 * 4097 / 2);
    // Nothing is chosen where every key would be, or in training.
    shape.sequence_length = 2048;
    CHECK_FALSE(test::has(test::layer(model, shape), "index_scores"));
    CHECK_FALSE(test::has(test::layer(model, {.sequence_length = 4096}), "index_scores"));
}
