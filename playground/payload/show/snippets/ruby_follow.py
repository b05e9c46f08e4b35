"""Launch, wait, read the results: Ruby with nothing to install."""

from __future__ import annotations

from playground.payload.show.snippets import ruby
from playground.payload.show.snippets.calls import Call, Target
from playground.payload.show.snippets.writing import fill

_TEMPLATE = r"""
# «remark»
require "json"
require "net/http"

BASE_URL = "«base_url»"
FINAL = [«final»]
# Half of a character is none.
HALF = /(\\\\|\\ud[89ab]..\\ud[c-f]..)|\\ud[89a-f]../i
«payload»

def call(method, url, body = nil)
  uri = URI(url)
  loop do
    request = Net::HTTPGenericRequest.new(method, !body.nil?, true, uri)
    request["«auth»"] = "«scheme»#{ENV.fetch("«key»")}"
    request["«project_header»"] = ENV.fetch("«project»")
    request["Content-Type"] = "application/json" if body
    request.body = body
    response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == "https") do |http|
      http.request(request)
    end
    if response.code.to_i < 400
      return JSON.parse(response.body.gsub(HALF) { $1 || "\\ufffd" })
    end
    abort "#{response.code}: #{response.body}" if response.code != "429"
    wait = response["Retry-After"].to_i
    sleep(wait.positive? ? [wait, 3600].min : 10)
  end
end

def cell(value)
  text = value.is_a?(String) ? value : value.nil? ? "" : JSON.generate(value)
  text.match?(/[",\r\n]/) ? "\"#{text.gsub('"', '""')}\"" : text
end

launched = call("«method»", "«url»", payload)
job_url = "#{BASE_URL}/jobs/#{launched.fetch("job_uid")}"
status = ""
pause = 1
until FINAL.include?(status)
  sleep pause
  pause = [pause * 2, 30].min
  status = call("GET", job_url).fetch("status")
  puts status
end

rows = []
(1..).each do |page|
  answer = call("GET", "#{job_url}/results?page=#{page}")
  rows.concat(answer["results"] || [])
  break unless answer.dig("paging", "have_next_page")
end

columns = rows.flat_map(&:keys).uniq
lines = [columns] + rows.map { |row| columns.map { |name| row[name] } }
lines.map! { |line| line.map { |value| cell(value) }.join(",") + "\r\n" }
File.binwrite("results.csv", lines.join)
puts "#{rows.length} rows in results.csv"
exit [«success»].include?(status)
"""


def write(call: Call) -> str:
    return fill(_TEMPLATE, call, payload=ruby.payload(call))


TARGET = Target(
    name="ruby-follow",
    language="Ruby",
    title="Net::HTTP: launch, wait, results",
    file_name="follow.rb",
    write=write,
    flavour="follow",
)
