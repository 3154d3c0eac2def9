// First: cargo add reqwest -F json
//        cargo add serde -F derive
//        cargo add tokio -F rt-multi-thread -F macros
// and set your API key: export IMAGEPIG_API_KEY=your-api-key
#[derive(serde::Deserialize)]
struct ImagePigResponse {
    image_url: String,
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
  "seed": 18446744073709551615,
  "storage_days": 2
}"###)
        .send()
        .await?;

    let status = response.status();
    if !status.is_success() {
        let message = response.text().await?;
        return Err(format!("{status}: {message}").into());
    }

    let json = response.json::<ImagePigResponse>().await?;
    let mut attempts = 10;
    // The picture can take some seconds to appear at its address.
    let picture = loop {
        let picture = client
            .get(&json.image_url)
            .header("User-Agent", "Mozilla/5.0")
            .send()
            .await?;
        attempts -= 1;
        if picture.status() != 404 || attempts == 0 {
            break picture.error_for_status()?;
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    };

    std::fs::write("the \"pig\".jpeg", picture.bytes().await?)?;

    Ok(())
}
