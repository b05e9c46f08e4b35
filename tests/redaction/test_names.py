"""What a name stands for, tried both ways."""

import pytest

from playground.redaction import names
from playground.reference.api.fields import MEANINGS, fields_of

SECRET = """
access_token accessToken ACCESS_TOKEN AccessToken x-access-token accesstoken access.token token
Token refresh_token refreshToken id_token auth_token api_token apiToken bot_token token_1 tokens
csrfmiddlewaretoken apiKey api_key API_KEY api-key apikey x-api-key X-Api-Key APIKey
openai_api_key api_keys apikey2 xApiKey secret client_secret clientSecret secret_key secretKey
SECRET_KEY secrets webhook_secret shared_secret secret_access_key aws_secret_access_key
private_key privateKey access_key encryption_key signing_key authorization Authorization
proxy-authorization auth x_auth basic_auth authHeader auth_code session sessionid session_id
sessionId SESSION PHPSESSID JSESSIONID session_token session_key sid connect.sid
linkedin_session user_session cookie cookies Cookie set-cookie cookie_header cookieJar
session_cookie li_at liAt li_a li_rm bcookie passwd password PASSWORD Password user_password
userPassword passwordHash new_password db_passwd password_confirmation pwd user_pwd passphrase
pass db_pass smtp_pass passcode otp totp credential credentials creds jwt jwt_token bearer_token
csrf_token xsrf-token XSRF-TOKEN recovery_codes backup_code connection_string Ｐassword
passw sess_id client_assertion licence_key activationKey rsa_key recovery-key two_factor_code
2fa_code mdp MotDePasse contrasena Contraseña senha wachtwoord пароль ПАРОЛЬ 密码 パスワード
"""
OTHER = """
next_page_token nextPageToken page_token pageToken continuation_token sync_token cursor_token
tokens_used token_count tokenCount max_tokens maxTokens total_tokens prompt_tokens
completion_tokens input_tokens token_type token_expires_at token_name tokenizer tokenization
author authors authority author_name authorized authenticated authentication_method
is_authorized auth_type auth_provider authorization_url auth_status two_factor_auth
cookies_valid cookie_count cookie_names cookie_policy cookie_consent has_cookies needs_cookies
secretary secretariat secret_name secret_count mapping_key mappingKey primary_key foreign_key
sort_key key keys cache_key public_key idempotency_key keyword keywords keyboard monkey
api_key_set api_key_name api_key_expires_at has_api_key apiVersion password_changed_at
password_set has_password is_password_set password_required password_strength passed passenger
passport bypass compass pass_rate boarding_pass session_count sessions_count session_title
session_duration session_expired active_sessions obsession next_session conference_session
possession company_name first_name email uid user_uid step_uid job_uid account_uid li_url
linkedin_url zip_code country_code status_code code error_code design side inside reside
consider basic jotp pass_word_count assessment sessile activation factor two_factor unlock_at
licence recovery_rate parole
"""


@pytest.mark.parametrize("name", SECRET.split())
def test_names_of_secrets(name):
    assert names.is_secret(name)


@pytest.mark.parametrize("name", OTHER.split())
def test_names_of_other_things(name):
    assert not names.is_secret(name)


def test_names_of_the_contract_are_what_they_are_known_to_be():
    told = {
        field.name for kind in MEANINGS for field in fields_of(kind) if names.is_secret(field.name)
    }

    assert told == {"api_key", "cookies", "password"}


@pytest.mark.parametrize("name", ["", "-", "_", "1", "key" * 500, "\ud800", "\x00", "pass" * 100])
def test_any_text_is_a_name(name):
    assert names.kind_of(name) in ("", "certain")
