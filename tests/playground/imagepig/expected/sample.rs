// First: cargo add base64
//        cargo add reqwest -F json
//        cargo add serde -F derive
//        cargo add tokio -F rt-multi-thread -F macros
// and set your API key: export IMAGEPIG_API_KEY=your-api-key
use base64::Engine;

#[derive(serde::Deserialize)]
struct ImagePigResponse {
    image_data: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let response = client
        .post("https://api.imagepig.com/xl")
        .header("Content-Type", "application/json")
        .header("Api-Key", std::env::var("IMAGEPIG_API_KEY")?)
        .body(r###"{
  "positive_prompt": "the pig's \"#1\" hat\nat \\dusk\\, 🐷 \u202e\"##",
  "seed": 18446744073709551615
}"###)
        .send()
        .await?;

    let status = response.status();
    if !status.is_success() {
        let message = response.text().await?;
        return Err(format!("{status}: {message}").into());
    }

    let json = response.json::<ImagePigResponse>().await?;
    let content = base64::prelude::BASE64_STANDARD.decode(json.image_data)?;

    std::fs::write("the \"pig\".jpeg", content)?;

    Ok(())
}
