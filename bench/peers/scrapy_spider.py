"""The same work with Scrapy and html2text: title, date and body of each article to a Markdown file and a JSON line."""
import json
import os
import sys

import html2text
import scrapy
from scrapy.crawler import CrawlerProcess

START, OUT, CONCURRENCY = sys.argv[1], sys.argv[2], int(sys.argv[3])


class News(scrapy.Spider):
    name = "news"
    start_urls = [START]

    def __init__(self):
        super().__init__()
        os.makedirs(OUT)
        self.lines = open(os.path.join(OUT, "articles.jsonl"), "w", encoding="utf-8")

    def parse(self, response):
        for row in response.css(".views-row"):
            yield response.follow(row.css("a::attr(href)").get(), self.article)
        following = response.css(".pager-next a::attr(href)").get()
        if following:
            yield response.follow(following, self.parse)

    def article(self, response):
        node = response.css(".node-article")
        title = response.css("h1.title::text").get()
        date = node.css(".date-display-single::text").get()
        converter = html2text.HTML2Text(bodywidth=0)
        body = converter.handle(node.css(".field-name-body").get())
        slug = response.url.rsplit("/", 1)[1]
        with open(os.path.join(OUT, slug + ".md"), "w", encoding="utf-8") as file:
            file.write(f"---\ntitle: {json.dumps(title)}\ndate: {json.dumps(date)}\n---\n{body}")
        line = {"url": response.url, "title": title, "date": date, "body": body}
        self.lines.write(json.dumps(line) + "\n")

    def closed(self, reason):
        self.lines.close()


process = CrawlerProcess(
    {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(News)
process.start()
