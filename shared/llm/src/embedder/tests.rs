use serde_json::{Value, json};
use testkit::{ModelServer, Said};

use super::*;

fn likeness(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

async fn built_in(texts: &[&str]) -> Vec<Vec<f32>> {
    Embedder::BuiltIn.embed(texts).await.unwrap().vectors
}

#[tokio::test]
async fn what_is_said_in_like_words_lies_closer_than_what_is_not() {
    let texts = [
        "how much did the candles bring in at Liberty last spring",
        "revenue of candles in spring, Liberty only",
        "orders by device, mobile against desktop",
        "candel revenue libertty",
    ];
    let vectors = built_in(&texts).await;
    let [near, far, misspelt] = [1, 2, 3].map(|at| likeness(&vectors[0], &vectors[at]));
    assert!(near > far && misspelt > far, "{near} {misspelt} {far}");
    assert!((likeness(&vectors[0], &vectors[0]) - 1.0).abs() < 1e-5);
}

#[tokio::test]
async fn the_same_text_has_the_same_vector_for_ever() {
    let vector = &built_in(&["Golden Terrace 100 ml"]).await[0];
    let told: Vec<(usize, String)> = vector
        .iter()
        .enumerate()
        .filter(|(_, number)| **number != 0.0)
        .map(|(at, number)| (at, format!("{number:.3}")))
        .take(4)
        .collect();
    let again = &built_in(&["GOLDEN, terrace! 100 ML"]).await[0];
    assert_eq!(vector, again, "case and marks say nothing");
    assert_eq!(
        told,
        STORED.map(|(at, number)| (at, number.to_owned())),
        "vectors are stored: a change needs another name"
    );
    assert_eq!(built_in(&["", "?!"]).await[0], built_in(&["…"]).await[0]);
}

/// The first numbers of the vector above.
const STORED: [(usize, &str); 4] = [(0, "0.171"), (5, "-0.171"), (14, "-0.171"), (23, "0.171")];

async fn asked(said: &str) -> Result<Embedded, Error> {
    let server = ModelServer::start(&[Said::Raw(200, said.to_owned())]);
    let settings = EmbedderSettings {
        base_url: server.base_url(),
        model: "embedding-1".to_owned(),
        key: None,
        patience: Duration::from_millis(500),
    };
    let answer = Embedder::new(settings).unwrap().embed(&["one", "two"]).await;
    let heard = server.heard();
    assert!(heard[0].head.starts_with("POST /v1/embeddings "), "{}", heard[0].head);
    assert_eq!(
        heard[0].body,
        json!({"model": "embedding-1", "input": ["one", "two"], "encoding_format": "float"})
    );
    answer
}

fn one(index: usize, embedding: &Value) -> Value {
    json!({"object": "embedding", "index": index, "embedding": embedding})
}

#[tokio::test]
async fn a_service_is_believed_only_when_it_gives_a_vector_for_each_text() {
    let of = |data: Value| json!({"object": "list", "data": data, "usage": {"prompt_tokens": 7}}).to_string();
    let good = asked(&of(json!([one(1, &json!([0.0, 1.0])), one(0, &json!([1, 0.5]))]))).await.unwrap();
    assert_eq!(good.vectors, [[1.0, 0.5], [0.0, 1.0]]);
    assert_eq!(good.usage, Some(Usage { input_tokens: 7, output_tokens: 0 }));
    for wrong in [
        json!([one(0, &json!([1.0]))]),
        json!([one(0, &json!([1.0])), one(0, &json!([1.0]))]),
        json!([one(0, &json!([1.0])), one(1, &json!([1.0, 2.0]))]),
        json!([one(0, &json!([])), one(1, &json!([]))]),
        json!([one(0, &json!([0.0])), one(1, &json!([1.0]))]),
        json!([one(0, &json!([1e39])), one(1, &json!([1.0]))]),
        json!("vectors"),
    ] {
        assert_eq!(asked(&of(wrong.clone())).await, Err(Error::Unreadable), "{wrong}");
    }
}
