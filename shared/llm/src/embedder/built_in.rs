//! Vectors without a model: hashed words, and hashed threes of letters, so that misspelt words lie near the right ones.

/// Numbers in a vector.
const WIDTH: usize = 256;
/// A word says more than the parts that it has in common with others.
const OF_WORDS: f32 = 1.0;
const OF_PARTS: f32 = 0.5;

/// Of length 1; of a text without letters and digits, the same direction for all of them.
pub(super) fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; WIDTH];
    let text = text.to_lowercase();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        add(&mut vector, word, OF_WORDS);
        let ends: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        for part in ends.windows(3) {
            add(&mut vector, &part.iter().collect::<String>(), OF_PARTS);
        }
    }
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length == 0.0 {
        vector[0] = 1.0;
    } else {
        vector.iter_mut().for_each(|number| *number /= length);
    }
    vector
}

fn add(vector: &mut [f32], feature: &str, weight: f32) {
    let hash = fnv(feature.as_bytes());
    // Half of them count downwards: what falls into the same place by chance cancels out.
    let weight = if hash >> 63 == 0 { weight } else { -weight };
    let at = usize::try_from(hash % WIDTH as u64).unwrap_or_default();
    vector[at] += weight;
}

/// FNV-1a: the same on every machine and for ever, as what is stored has to be.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
